package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The API description, and the reader that shows it. */
@PostfeedTest
class DescriptionIntegrationTests {

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"(?<path>[^\"]*)\"");

    Api api;

    @BeforeEach
    void connect(@Autowired WebTestClient client) {
        api = new Api(client);
    }

    @Test
    void theDescriptionIsTheFile() throws Exception {
        Answer answer = api.get("/openapi.yaml").expect(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/yaml");
        assertThat(answer.body()).isEqualTo(Files.readString(Path.of("src/main/resources/static/openapi.yaml")));
        api.get("/openapi.yaml", "If-None-Match: " + answer.etag()).expect(304);
        api.get("/openapi.yaml", "If-None-Match: \"x\"").expect(200);
    }

    /** Its policy forbids scripts and styles within it, and whatever is not from here. */
    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/problems/not-found"})
    void aPageIsMadeOfFilesThatAreHere(String path) {
        Answer page = api.get(path).expect(200);
        assertThat(page.header("Content-Security-Policy"))
                .contains("default-src 'none'")
                .doesNotContain("unsafe", "http");
        assertThat(page.body())
                .doesNotContain("<style", "style=", "onload", "http:", "https:")
                .doesNotContainPattern("<script(?! src=)");
        List<String> links =
                LINK.matcher(page.body()).results().map(link -> link.group(1)).toList();
        assertThat(links).isNotEmpty().allMatch(link -> link.startsWith("/"));
        links.forEach(link -> api.get(link).expect(200));
    }

    @Test
    void theReaderIsSwaggerUi() {
        assertThat(api.get("/docs/swagger-ui-bundle.js").expect(200).body())
                .contains("SwaggerUIBundle")
                .hasSizeGreaterThan(1_000_000);
        assertThat(api.get("/docs/docs.js").expect(200).body()).contains("'/openapi.yaml'", "validatorUrl: null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/docs/",
                "/docs/index.html",
                "/docs/swagger-ui.js",
                "/docs/swagger-initializer.js",
                "/docs/oauth2-redirect.html",
                "/docs/%2e%2e%2fopenapi.yaml",
                "/docs/../openapi.yaml",
                "/webjars/swagger-ui/swagger-ui.css",
                "/static/openapi.yaml",
                "/openapi.yml"
            })
    void nothingElseOfItIsServed(String path) {
        assertThat(api.get(path).status()).isEqualTo(404);
    }
}
