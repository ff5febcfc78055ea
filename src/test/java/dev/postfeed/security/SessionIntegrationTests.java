package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A token as a cookie, and who may not use it. */
class SessionIntegrationTests extends GuardedFixture {

    private static final String TOKEN = Tokens.withScopes(Tokens.ALL_SCOPES);
    private static final String POST = "{\"title\":\"a\"}";

    @Test
    void aTokenBecomesACookieThatNoScriptReads() {
        Answer answer = send("POST", "/session", null, bearer(Tokens.expiresIn(Duration.ofSeconds(100))))
                .expect(204);
        String cookie = answer.header("Set-Cookie");
        assertThat(cookie).startsWith("__Host-postfeed=ey");
        assertThat(cookie.split("; "))
                .contains("Path=/", "Secure", "HTTPOnly", "SameSite=Strict")
                .noneMatch(attribute -> attribute.startsWith("Domain"));
        assertThat(cookie).containsPattern("Max-Age=(9[0-9]|100);");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void withTheCookieABrowserReadsAndWrites() {
        send("GET", "/posts", null, cookie(TOKEN)).expect(200);
        send("GET", "/posts/feed", null, cookie(TOKEN)).expect(200);
        send("POST", "/posts", POST, cookie(TOKEN), "Origin: " + origin()).expect(201);
        send("POST", "/posts", POST, cookie(Tokens.withScopes("posts:read")), "Origin: " + origin())
                .expectProblem(403, "forbidden");
    }

    @Test
    void aForgedCookieIsNone() {
        for (String forged : new String[] {
            Tokens.bySomebodyElse(), Tokens.tampered(), Tokens.unsigned(), Tokens.byThePublicKey(), "canary", "a b"
        }) {
            send("GET", "/posts", null, cookie(forged)).expectProblem(401, "unauthorized");
            send("POST", "/posts", POST, cookie(forged), "Origin: " + origin()).expectProblem(401, "unauthorized");
            send("POST", "/session", null, cookie(forged), "Origin: " + origin())
                    .expectProblem(401, "unauthorized");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example",
                "null",
                "http://localhost",
                "http://localhost:1",
                "https://localhost:1",
                "",
                "%",
                "a b"
            })
    void pagesOfOtherOriginsChangeNothing(String origin) {
        for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE"}) {
            String path = method.equals("POST") ? "/posts" : "/posts/1";
            String body = method.equals("DELETE") ? null : POST;
            send(method, path, body, cookie(TOKEN), "Origin: " + origin).expectProblem(403, "forbidden");
        }
        send("POST", "/session", null, bearer(TOKEN), "Origin: " + origin).expectProblem(403, "forbidden");
        send("POST", "/session", null, cookie(TOKEN), "Origin: " + origin).expectProblem(403, "forbidden");
        send("DELETE", "/session", null, "Origin: " + origin).expectProblem(403, "forbidden");
    }

    /** As a proxy that ends TLS makes it of what browsers send. */
    @Test
    void thePageBehindAProxyIsItsOwn() {
        String host = "localhost:" + port;
        send("POST", "/posts", POST, cookie(TOKEN), "Origin: https://" + host).expect(201);
    }

    @Test
    void aChangeWithACookieAndNoOriginIsNotABrowsers() {
        send("POST", "/posts", POST, cookie(TOKEN)).expectProblem(403, "forbidden");
        send("POST", "/posts", POST, bearer(TOKEN)).expect(201);
    }

    @Test
    void aHeaderCountsMoreThanACookie() {
        send("GET", "/posts", null, cookie(TOKEN), bearer(Tokens.bySomebodyElse()))
                .expectProblem(401, "unauthorized");
        send("GET", "/posts", null, cookie(Tokens.bySomebodyElse()), bearer(TOKEN))
                .expect(200);
    }

    @Test
    void anOldCookieLetsOneToThePageToSignIn() {
        String old = Tokens.expiresIn(Duration.ofSeconds(-1));
        send("GET", "/", null, cookie(old)).expect(200);
        send("POST", "/session", null, cookie(old), bearer(TOKEN), "Origin: " + origin())
                .expect(204);
        send("GET", "/posts", null, cookie(old)).expectProblem(401, "unauthorized");
    }

    @Test
    void signingOutForgetsTheCookie() {
        Answer answer = send("DELETE", "/session", null, cookie(TOKEN), "Origin: " + origin())
                .expect(204);
        assertThat(answer.header("Set-Cookie")).startsWith("__Host-postfeed=;").contains("Max-Age=0");
    }

    @Test
    void aTokenThatFitsNoCookieSaysSo() {
        Answer answer = send("POST", "/session", null, bearer(Tokens.tooLongForACookie()));
        assertThat(answer.expectProblem(400, "bad-request").text("/detail")).contains("4081 bytes");
    }
}
