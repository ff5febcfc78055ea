package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

/** What browsers ask for besides the API, and what every answer tells them. */
@PostfeedTest
class StaticFileIntegrationTests {

    private static final Path FILES = Path.of("src/main/resources/static");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "js", "text/javascript;charset=UTF-8",
            "txt", "text/plain;charset=UTF-8",
            "svg", "image/svg+xml");

    WebTestClient client;
    Api api;

    @LocalServerPort
    int port;

    @BeforeEach
    void connect(@Autowired WebTestClient client) {
        this.client = client;
        api = new Api(client);
    }

    static List<String> files() throws IOException {
        try (Stream<Path> page = Files.list(FILES.resolve("page"))) {
            return Stream.concat(
                            Stream.of("index.html", "robots.txt"),
                            page.map(file -> FILES.relativize(file).toString()))
                    .toList();
        }
    }

    private static String path(String file) {
        return file.equals("index.html") ? "/" : "/" + file;
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachIsServedAsItIs(String file) throws IOException {
        String extension = file.substring(file.lastIndexOf('.') + 1);
        Answer answer = api.get(path(file)).expect(200);
        assertThat(answer.body()).isEqualTo(Files.readString(FILES.resolve(file)));
        assertThat(answer.header("Content-Type")).isEqualTo(TYPES.get(extension));
        assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
        assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(api.head(path(file)).expect(200).headers().toSingleValueMap())
                .isEqualTo(answer.headers().toSingleValueMap());
    }

    @ParameterizedTest
    @MethodSource("files")
    void oneThatIsTheSameIsNotSentAgain(String file) {
        for (String encoding : List.of("identity", "gzip")) {
            EntityExchangeResult<byte[]> first = get(path(file), encoding, "\"none\"");
            String tag = first.getResponseHeaders().getETag();
            EntityExchangeResult<byte[]> again = get(path(file), encoding, tag);
            assertThat(again.getStatus().value()).isEqualTo(304);
            assertThat(again.getResponseBody()).isNull();
            assertThat(again.getResponseHeaders().getETag()).isEqualTo(tag);
            assertThat(again.getResponseHeaders().getCacheControl()).isEqualTo("no-cache");
        }
    }

    /** By a client that does not decompress by itself. */
    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br, gzip;q=0.5", "GZIP , deflate", "gzip;q=1.0", "gzip; q=0.001"})
    void textIsCompressedForWhoTakesIt(String encodings) throws Exception {
        HttpResponse<byte[]> answer = send("/page/page.css", encodings);
        assertThat(answer.headers().firstValue("Content-Encoding")).hasValue("gzip");
        byte[] plain = Files.readAllBytes(FILES.resolve("page/page.css"));
        assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
                .isEqualTo(plain);
        assertThat(answer.body()).hasSizeLessThan(plain.length / 2);
        assertThat(answer.headers().firstValue("ETag"))
                .isNotEqualTo(send("/page/page.css", "br").headers().firstValue("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "br", "gzip;q=0", "gzip;q=0.0", "gzipped", ""})
    void textIsNotCompressedForWhoDoesNot(String encodings) throws Exception {
        HttpResponse<byte[]> answer = send("/page/page.css", encodings);
        assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(answer.body()).isEqualTo(Files.readAllBytes(FILES.resolve("page/page.css")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-ndjson", "text/csv"})
    void rowsAreNotCompressed(String type) throws Exception {
        for (int i = 0; i < 20; i++) {
            api.post("/posts", json("title", "a".repeat(500))).expect(201);
        }
        HttpResponse<byte[]> rows = send("/posts?limit=20", "gzip", "Accept", type);
        assertThat(rows.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(rows.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
    }

    @Test
    void theIconIsWhereBrowsersLookForIt() throws IOException {
        assertThat(api.get("/favicon.ico").expect(200).header("Content-Type")).isEqualTo("image/svg+xml");
        assertThat(api.get("/favicon.ico").body()).isEqualTo(Files.readString(FILES.resolve("page/favicon.svg")));
    }

    @Test
    void thePageNamesAllItsFilesAndHasNoScriptOrStyleInItsText() throws IOException {
        String page = Files.readString(FILES.resolve("index.html"));
        List<String> named = Pattern.compile("\"/(page/[^\"]+)\"")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(named).doesNotHaveDuplicates();
        assertThat(Stream.concat(named.stream(), Stream.of("index.html", "robots.txt")))
                .containsExactlyInAnyOrderElementsOf(files());
        assertThat(Pattern.compile("<style|<script(?![^>]* src=)| style=| on[a-z]+=|https?://")
                        .matcher(page)
                        .results()
                        .map(MatchResult::group))
                .isEmpty();
    }

    private EntityExchangeResult<byte[]> get(String path, String acceptEncoding, String ifNoneMatch) {
        return client.get()
                .uri(path)
                .header(HttpHeaders.ACCEPT_ENCODING, acceptEncoding)
                .header(HttpHeaders.IF_NONE_MATCH, ifNoneMatch)
                .exchange()
                .expectBody()
                .returnResult();
    }

    private HttpResponse<byte[]> send(String path, String acceptEncoding, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Accept-Encoding", acceptEncoding);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
