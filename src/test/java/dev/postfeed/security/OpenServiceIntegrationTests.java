package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
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
}
