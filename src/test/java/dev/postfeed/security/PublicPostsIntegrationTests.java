package dev.postfeed.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** Posts and their feed for everybody, and nothing else. */
@TestPropertySource(properties = "postfeed.security.public-posts=true")
class PublicPostsIntegrationTests extends GuardedFixture {

    @ParameterizedTest
    @ValueSource(strings = {"/posts", "/posts/feed", "/posts?select=id,title", "/posts?user_id=eq.1"})
    void postsAreReadWithoutAToken(String path) {
        send("GET", path, null).expect(200);
        assertThat(send("GET", "/posts/1", null).status()).isIn(200, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/users",
                "/users/1",
                "/users/1/posts",
                "/posts?select=id,author(name)",
                "/posts?select=author(*)",
                "/users?select=posts(id)",
                "/actuator/prometheus"
            })
    void usersAreNot(String path) {
        send("GET", path, null).expectProblem(401, "unauthorized");
    }

    @Test
    void aUsersPostsWantTheUsersScopeOnly() {
        assertThat(send("GET", "/users/1/posts", null, bearer(Tokens.withScopes("users:read")))
                        .status())
                .isEqualTo(404);
        send("GET", "/posts?select=id,author(name)", null, bearer(Tokens.withScopes("users:read")))
                .expect(200);
        send("GET", "/posts?select=id,author(name)", null, bearer(Tokens.withScopes("posts:read")))
                .expectProblem(403, "forbidden");
    }

    @Test
    void nothingIsWrittenWithoutAToken() {
        send("POST", "/posts", "{\"title\":\"a\"}").expectProblem(401, "unauthorized");
        send("DELETE", "/posts/1", null).expectProblem(401, "unauthorized");
    }

    @Test
    void aTokenThatIsNoneIsRefusedAllTheSame() {
        send("GET", "/posts", null, bearer(Tokens.bySomebodyElse())).expectProblem(401, "unauthorized");
    }

    @Test
    void anOldCookieKeepsNobodyFromWhatIsPublic() {
        send("GET", "/posts", null, cookie(Tokens.bySomebodyElse())).expect(200);
    }
}
