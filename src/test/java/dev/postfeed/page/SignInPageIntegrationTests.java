package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.security.Tokens;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Cookie;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The page of a service that wants tokens. */
class SignInPageIntegrationTests extends PageFixture {

    private static final String KEY = "file:" + Tokens.publicKey();

    @DynamicPropertySource
    static void tokens(DynamicPropertyRegistry registry) {
        registry.add("spring.security.oauth2.resourceserver.jwt.public-key-location", () -> KEY);
        registry.add("spring.security.oauth2.resourceserver.jwt.audiences", () -> Tokens.AUDIENCE);
    }

    @BeforeEach
    void signedOut() throws InterruptedException {
        page.driver.get(network.url());
        page.driver.manage().deleteAllCookies();
        page.run("localStorage.clear()");
        page.driver.get(network.url());
        awaitSignIn();
    }

    @Test
    void asksForATokenAndShowsThePostsAsTheyCome() throws InterruptedException {
        Axe axe = new Axe(page);
        assertThat(page.find("#blank").getText()).startsWith("A token is needed");
        assertThat(page.isShown("#sign-out")).isFalse();
        axe.check("signed out");

        signIn(Tokens.bySomebodyElse());
        page.await("it is told", () -> page.find("#sign-in").getText().contains("its signature is not one"));
        axe.check("a wrong token");

        sql.run("insert into posts (title) values ('before')");
        signIn(Tokens.withScopes(Tokens.ALL_SCOPES));
        page.awaitState("live");
        assertThat(page.isShown("#sign-in")).isFalse();
        page.awaitTitle("before");
        Cookie cookie = page.driver.manage().getCookieNamed("__Host-postfeed");
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.isSecure()).isTrue();
        assertThat(cookie.getSameSite()).isEqualTo("Strict");
        assertThat(page.<String>run("return document.cookie + JSON.stringify({...localStorage, ...sessionStorage})"))
                .doesNotContain("eyJ");

        page.fill("#post-title", "by the form");
        page.click("#post-form button");
        page.awaitTitle("by the form");
        axe.check("signed in");

        page.click("#sign-out");
        awaitSignIn();
        assertThat(page.titles()).isEmpty();
        assertThat(page.driver.manage().getCookieNamed("__Host-postfeed")).isNull();
        axe.report();
    }

    @Test
    void asksAgainWhenTheTokenHasExpired() throws InterruptedException {
        signIn(Tokens.expiresIn(Duration.ofSeconds(8)));
        page.awaitState("live");
        awaitSignIn();
        assertThat(page.isShown("#sign-out")).isFalse();
        signIn(Tokens.withScopes(Tokens.ALL_SCOPES));
        page.awaitState("live");
    }

    @Test
    void saysWhatTheTokenHasNotTheScopeFor() throws InterruptedException {
        signIn(Tokens.withScopes("posts:read"));
        page.awaitState("live");
        page.fill("#post-title", "not for me");
        page.click("#post-form button");
        page.await(
                "it is told",
                () -> page.find("#post-form").getText().contains("the token has not the scope posts:write"));
    }

    /** By a script: an element may be of a page that is being left. */
    private void awaitSignIn() throws InterruptedException {
        page.await(
                "a token is asked for",
                Duration.ofSeconds(40),
                () -> page.<Boolean>run("return document.querySelector('#sign-in')?.hidden === false"));
    }

    private void signIn(String token) throws InterruptedException {
        page.fill("#token", token);
        page.click("#sign-in button");
    }
}
