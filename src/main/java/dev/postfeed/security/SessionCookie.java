package dev.postfeed.security;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The token as a cookie, for what a browser sends without headers of a page's own: EventSource. The name's prefix makes
 * browsers take it from nobody but this very host, over TLS (or from localhost).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6265">RFC 6265</a>, and its successor's draft for the prefix
 */
final class SessionCookie {

    static final String NAME = "__Host-postfeed";

    /** Bytes of a token: of name and value together browsers keep 4,096. */
    static final int MOST = 4096 - NAME.length();

    private SessionCookie() {}

    static @Nullable String token(ServerHttpRequest request) {
        HttpCookie cookie = request.getCookies().getFirst(NAME);
        return cookie == null || cookie.getValue().isEmpty() ? null : cookie.getValue();
    }

    static ResponseCookie of(String token, Duration life) {
        return ResponseCookie.from(NAME, token)
                .httpOnly(true)
                .secure(true)
                .sameSite("Strict")
                .path("/")
                .maxAge(life)
                .build();
    }

    /** Makes the browser forget it. */
    static ResponseCookie none() {
        return of("", Duration.ZERO);
    }
}
