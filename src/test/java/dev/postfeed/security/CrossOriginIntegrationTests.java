package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** Pages of other origins: those that were named, and no other. */
@TestPropertySource(properties = "postfeed.security.allowed-origins=https://app.example.com,http://localhost:3000")
class CrossOriginIntegrationTests extends GuardedFixture {

    private static final String APP = "Origin: https://app.example.com";

    @Test
    void aBrowserIsToldBeforehandWhatItMaySend() {
        Answer answer = preflight(APP);
        assertThat(answer.expect(200).header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.com");
        assertThat(answer.header("Access-Control-Allow-Methods")).contains("PATCH");
        assertThat(answer.header("Access-Control-Allow-Headers")).contains("authorization");
        assertThat(answer.headers().getFirst("Access-Control-Allow-Credentials"))
                .isNull();
    }

    @Test
    void otherOriginsAreRefused() {
        for (String origin : new String[] {"https://evil.example", "https://app.example.com.evil.example", "null"}) {
            Answer answer = preflight("Origin: " + origin).expectProblem(403, "forbidden");
            assertThat(answer.headers().getFirst("Access-Control-Allow-Origin")).isNull();
            send("GET", "/posts", null, "Origin: " + origin, bearer(Tokens.withScopes("posts:read")))
                    .expectProblem(403, "forbidden");
        }
    }

    @Test
    void theAnswerMayBeReadAndSoMayAProblem() {
        Answer rows = send("GET", "/posts", null, APP, bearer(Tokens.withScopes("posts:read")))
                .expect(200);
        assertThat(rows.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.com");
        assertThat(rows.header("Access-Control-Expose-Headers"))
                .contains("Link")
                .contains("ETag");
        Answer refused = send("GET", "/posts", null, APP).expectProblem(401, "unauthorized");
        assertThat(refused.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.com");
        Answer missing = send("GET", "/posts/0", null, APP, bearer(Tokens.withScopes("posts:read")))
                .expectProblem(400, "invalid-parameter");
        assertThat(missing.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.com");
        assertThat(missing.headers().getOrEmpty("Vary")).contains("Origin");
        assertThat(rows.headers().getOrEmpty("Vary")).contains("Origin", "Accept");
    }

    @Test
    void soIsAQuestionForTheMethods() {
        for (String path : new String[] {"/users", "/users/1", "/users/1/posts", "/posts", "/posts/1", "/posts/feed"}) {
            send("OPTIONS", path, null, "Origin: https://evil.example").expectProblem(403, "forbidden");
            assertThat(send("OPTIONS", path, null, APP).expect(204).header("Allow"))
                    .contains("GET");
        }
    }

    @Test
    void itsOwnPageNeedNotBeNamed() {
        String own = "Origin: https://localhost:" + port;
        send("POST", "/posts", "{\"title\":\"a\"}", own, cookie(Tokens.withScopes("posts:write")))
                .expect(201);
    }

    @Test
    void whatIsNotRowsIsForNoOtherPage() {
        for (String path : new String[] {"/", "/openapi.yaml", "/actuator/health"}) {
            assertThat(send("GET", path, null, APP).expect(200).headers().getFirst("Access-Control-Allow-Origin"))
                    .isNull();
        }
        send("POST", "/session", null, "Origin: https://evil.example", bearer(Tokens.withScopes("")))
                .expectProblem(403, "forbidden");
    }

    @Test
    void noneOfThemHasASession() {
        send("POST", "/session", null, APP, bearer(Tokens.withScopes(""))).expectProblem(403, "forbidden");
        send("POST", "/posts", "{\"title\":\"a\"}", APP, cookie(Tokens.withScopes("posts:write")))
                .expectProblem(403, "forbidden");
        send("POST", "/posts", "{\"title\":\"a\"}", APP, bearer(Tokens.withScopes("posts:write")))
                .expect(201);
    }

    private Answer preflight(String origin) {
        return send(
                "OPTIONS",
                "/posts/1",
                null,
                origin,
                "Access-Control-Request-Method: PATCH",
                "Access-Control-Request-Headers: authorization, content-type");
    }
}
