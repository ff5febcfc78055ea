package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.security.web.server.WebFilterChainProxy;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A service on loopback that asks nobody who they are. */
@PostfeedTest
class OpenServiceIntegrationTests {

    private final Api api;

    OpenServiceIntegrationTests(@Autowired WebTestClient client) {
        this.api = new Api(client);
    }

    @Test
    void looksAtNoToken(@Autowired ApplicationContext context) {
        api.get("/posts", "Authorization: Bearer canary").expect(200);
        api.get("/posts", "Cookie: __Host-postfeed=canary").expect(200);
        assertThat(context.getBeansOfType(WebFilterChainProxy.class)).isEmpty();
    }

    @Test
    void hasNoSessions() {
        api.post("/session", "", "Authorization: Bearer canary").expectProblem(404, "not-found");
    }

    @Test
    void tellsBrowsersNothingOfOtherOrigins() {
        Answer answer = api.get("/posts", "Origin: https://app.example.com").expect(200);
        assertThat(answer.headers().headerNames()).noneMatch(name -> name.startsWith("Access-Control"));
    }

    /** A page of another origin has its browser ask before it deletes. */
    @Test
    void aBrowsersQuestionBeforehandIsNotTheRequest(@LocalServerPort int port) throws Exception {
        String location =
                api.post("/posts", "{\"title\":\"still here\"}").expect(201).header("Location");
        HttpRequest question = HttpRequest.newBuilder(URI.create("http://localhost:" + port + location))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "DELETE")
                .build();
        HttpHeaders answer = HttpClient.newHttpClient()
                .send(question, HttpResponse.BodyHandlers.ofString())
                .headers();
        assertThat(answer.firstValue("Access-Control-Allow-Origin")).isEmpty();
        api.get(location).expect(200);
    }
}
