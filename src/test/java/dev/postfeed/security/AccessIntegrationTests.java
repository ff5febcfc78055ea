package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;

/** Every route by every kind of token. */
class AccessIntegrationTests extends GuardedFixture {

    private static final String OPEN = "";
    private static final String ANY_TOKEN = "*";

    /** What each route wants, written here once more; of several scopes all. */
    private static final Map<String, String> WANTED = wanted();

    private static final Map<String, String> BAD_TOKENS = Map.ofEntries(
            Map.entry("expired", Tokens.expiresIn(Duration.ofSeconds(-1))),
            Map.entry("without expiry", Tokens.withoutExpiry()),
            Map.entry("not valid yet", Tokens.notYetValid()),
            Map.entry("wrong audience", Tokens.forAudience("somebody else's")),
            Map.entry("no audience", Tokens.withoutAudience()),
            Map.entry("wrong signature", Tokens.bySomebodyElse()),
            Map.entry("other claims", Tokens.tampered()),
            Map.entry("alg: none", Tokens.unsigned()),
            Map.entry("the public key as a secret", Tokens.byThePublicKey()),
            Map.entry("no token at all", "canary"));

    @Autowired
    @Qualifier("routerFunctionMapping")
    RouterFunctionMapping routes;

    private static Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        for (String method : List.of("GET", "HEAD")) {
            wanted.put(method + " /users", "users:read");
            wanted.put(method + " /users/{id}", "users:read");
            wanted.put(method + " /users/{id}/posts", "posts:read users:read");
            wanted.put(method + " /posts", "posts:read");
            wanted.put(method + " /posts/{id}", "posts:read");
            wanted.put(method + " /posts/feed", "posts:read");
            for (String open : List.of(
                    "/",
                    "/page/{file}",
                    "/favicon.ico",
                    "/robots.txt",
                    "/openapi.yaml",
                    "/docs",
                    "/docs/{file}",
                    "/problems/{name}",
                    "/actuator/health",
                    "/actuator/health/{path}")) {
                wanted.put(method + " " + open, OPEN);
            }
            wanted.put(method + " /actuator", ANY_TOKEN);
            wanted.put(method + " /actuator/prometheus", ANY_TOKEN);
        }
        for (String table : List.of("users", "posts")) {
            wanted.put("POST /" + table, table + ":write");
            for (String method : List.of("PUT", "PATCH", "DELETE")) {
                wanted.put(method + " /" + table + "/{id}", table + ":write");
            }
        }
        wanted.put("POST /session", ANY_TOKEN);
        wanted.put("DELETE /session", OPEN);
        return wanted;
    }

    @Test
    void thereIsNoOtherRoute() {
        Set<String> served = Objects.requireNonNull(routes.getRouterFunction())
                .toString()
                .lines()
                .filter(line -> line.contains("&&"))
                .map(line -> line.replaceAll("^\\s*\\((\\w+) && ([^)]+)\\).*", "$1 $2"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(WANTED.keySet().stream().filter(route -> !route.startsWith("HEAD ") && !route.contains("/actuator")))
                .containsExactlyInAnyOrderElementsOf(served);
    }

    static Stream<Arguments> routes() {
        return WANTED.entrySet().stream().map(route -> Arguments.of(route.getKey(), route.getValue()));
    }

    @ParameterizedTest
    @MethodSource("routes")
    void withoutAToken(String route, String wanted) {
        Answer answer = ask(route);
        if (wanted.equals(OPEN)) {
            assertThat(answer.status()).isNotIn(401, 403);
        } else {
            assertRefused(answer, route, 401, "unauthorized");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void withATokenThatIsNone(String route, String wanted) {
        BAD_TOKENS.forEach((kind, token) -> {
            Answer answer = ask(route, bearer(token));
            if (wanted.equals(OPEN)) {
                assertThat(answer.status()).as(kind).isNotIn(401, 403);
                return;
            }
            assertRefused(answer, route + " " + kind, 401, "unauthorized");
            assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer error=\"invalid_token\", ");
            assertThat(answer.toString()).doesNotContain(token);
        });
    }

    @ParameterizedTest
    @MethodSource("routes")
    void withAScopeMissing(String route, String wanted) {
        if (wanted.equals(OPEN) || wanted.equals(ANY_TOKEN)) {
            assertThat(ask(route, bearer(Tokens.withScopes(""))).status()).isNotIn(401, 403);
            return;
        }
        for (String missing : wanted.split(" ")) {
            String others = Stream.of(Tokens.ALL_SCOPES.split(" "))
                    .filter(scope -> !scope.equals(missing))
                    .collect(Collectors.joining(" "));
            Answer answer = ask(route, bearer(Tokens.withScopes(others)));
            assertRefused(answer, route, 403, "forbidden");
            assertThat(answer.header("WWW-Authenticate"))
                    .isEqualTo("Bearer error=\"insufficient_scope\", scope=\"" + missing + "\"");
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void withTheScopesRight(String route, String wanted) {
        Answer answer = ask(route, bearer(Tokens.withScopes(wanted)));
        assertThat(answer.status()).as("%s", answer).isNotIn(401, 403);
        assertThat(answer.status()).as("%s", answer).isLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/posts?select=id,author(name)",
                "/posts?select=author(*)",
                "/posts?s%65lect=id%2Cauthor%28name%29",
                "/posts?limit=1&select=id,users(id)",
                "/users?select=id,posts(id)"
            })
    void rowsOfTheOtherTableWantItsScopeAsWell(String path) {
        String own = path.startsWith("/posts") ? "posts:read" : "users:read";
        String other = path.startsWith("/posts") ? "users:read" : "posts:read";
        for (String form : List.of("application/json", "application/x-ndjson", "text/csv")) {
            assertThat(send("GET", path, null, "Accept: " + form, bearer(Tokens.withScopes(own)))
                            .expect(403)
                            .header("WWW-Authenticate"))
                    .contains("scope=\"" + other + "\"");
        }
        assertThat(send("GET", path, null, bearer(Tokens.withScopes(own + " " + other)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aTokenInTheAddressIsNone() {
        String token = Tokens.withScopes(Tokens.ALL_SCOPES);
        send("GET", "/posts?access_token=" + token, null).expect(401);
        send("GET", "/posts/feed?access_token=" + token, null).expect(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Basic dTpw", "bearer a b", "Bearer \t", "Digest x=\"y\"", "Bearer é"})
    void aHeaderThatIsNoBearerTokenIsNone(String header) {
        Answer answer = send("GET", "/posts", null, "Authorization: " + header);
        assertThat(answer.status()).as("%s", answer).isIn(400, 401);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void whatThereIsNotIsToldToWhoHasAToken() {
        send("GET", "/nothing", null).expectProblem(401, "unauthorized");
        send("GET", "/nothing", null, bearer(Tokens.withScopes(""))).expectProblem(404, "not-found");
        send("DELETE", "/posts", null, bearer(Tokens.withScopes("posts:write")))
                .expectProblem(405, "method-not-allowed");
        assertThat(send("OPTIONS", "/posts", null).expect(204).header("Allow")).contains("POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TRACE /posts", "FOO /posts", "GET /posts/", "GET //posts", "GET /posts;x", "GET /%70osts/x%2Fy"
            })
    void whatIsNoRouteWantsATokenAndIsNone(String request) {
        String[] methodAndPath = request.split(" ");
        Answer refused = send(methodAndPath[0], methodAndPath[1], null);
        assertThat(refused.status()).isEqualTo(401);
        Answer answer = send(methodAndPath[0], methodAndPath[1], null, bearer(Tokens.withScopes("posts:read")));
        assertThat(answer.status()).as("%s", answer).isIn(404, 405, 400);
    }

    @Test
    void otherEndpointsOfOperatorsAreForNobody() {
        send("GET", "/actuator/env", null).expectProblem(401, "unauthorized");
        send("GET", "/actuator/env", null, bearer(Tokens.withScopes(Tokens.ALL_SCOPES)))
                .expectProblem(403, "forbidden");
    }

    /** One client's key is nothing to another. */
    @Test
    void idempotencyKeysAreTheClients() {
        String key = "Idempotency-Key: \"" + System.nanoTime() + "\"";
        String post = "{\"title\":\"a\"}";
        long first = send("POST", "/posts", post, key, bearer(Tokens.of("ada")))
                .expect(201)
                .id();
        assertThat(send("POST", "/posts", post, key, bearer(Tokens.of("ada")))
                        .expect(201)
                        .id())
                .isEqualTo(first);
        assertThat(send("POST", "/posts", post, key, bearer(Tokens.of("alan")))
                        .expect(201)
                        .id())
                .isNotEqualTo(first);
    }

    @Test
    void whatIsAnsweredIsForWhoAsked() {
        assertThat(send("GET", "/posts", null, bearer(Tokens.withScopes("posts:read")))
                        .header("Cache-Control"))
                .isEqualTo("no-cache, private");
    }

    @Test
    void accessTokensByRfc9068AreTokens() {
        send("GET", "/posts", null, bearer(Tokens.typed())).expect(200);
    }

    @Test
    void saysWhatIsWrongWithAToken() {
        assertThat(send("GET", "/posts", null, bearer(Tokens.expiresIn(Duration.ofSeconds(-1))))
                        .text("/detail"))
                .contains("expired at");
        assertThat(send("GET", "/posts", null, bearer(Tokens.forAudience("x"))).text("/detail"))
                .contains("aud claim");
    }

    private static void assertRefused(Answer answer, String request, int status, String problem) {
        assertThat(answer.status()).as("%s: %s", request, answer).isEqualTo(status);
        if (!request.startsWith("HEAD ")) {
            answer.expectProblem(status, problem);
        }
    }

    private Answer ask(String route, String... headers) {
        String[] methodAndPath = route.split(" ");
        String path = methodAndPath[1]
                .replace("{id}", "1")
                .replace("/page/{file}", "/page/page.js")
                .replace("/docs/{file}", "/docs/docs.css")
                .replace("{name}", "unauthorized")
                .replace("{path}", "liveness");
        return send(methodAndPath[0], path, body(methodAndPath[0], path), headers);
    }

    private static @Nullable String body(String method, String path) {
        return switch (method) {
            case "POST", "PUT", "PATCH" ->
                path.startsWith("/users")
                        ? "{\"name\":\"a\",\"email\":\"a@example.com\"}"
                        : path.startsWith("/posts") ? "{\"title\":\"a\"}" : null;
            default -> null;
        };
    }

    /** To Spring's predicates it has the method that it asks about. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
    void aBrowsersQuestionBeforehandIsNotTheRequest(String method) {
        String writer = bearer(Tokens.withScopes("posts:write posts:read"));
        String location = send("POST", "/posts", "{\"title\":\"still here\"}", writer)
                .expect(201)
                .header("Location");
        String path = method.equals("POST") ? "/posts" : location;
        Answer answer = send(
                "OPTIONS",
                path,
                "{\"title\":\"changed\"}",
                "Origin: https://evil.example",
                "Access-Control-Request-Method: " + method);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.headers().headerNames()).noneMatch(name -> name.startsWith("Access-Control"));
        assertThat(send("GET", location, null, writer).expect(200).body()).contains("still here");
        assertThat(send("GET", "/posts?title=eq.changed", null, writer)
                        .expect(200)
                        .body())
                .isEqualTo("[]");
    }
}
