package dev.postfeed.security;

import dev.postfeed.web.Problem;
import dev.postfeed.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.springframework.http.CacheControl;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** A token as a cookie. Nothing of it is kept here: any node takes the cookie. */
@Component
class SessionHandler {

    /** The cookie lives as long as the token. */
    Mono<ServerResponse> begin(ServerRequest request) {
        requireOwnPage(request);
        return request.principal()
                .ofType(JwtAuthenticationToken.class)
                .switchIfEmpty(Mono.error(
                        () -> new Problem(ProblemType.NOT_FOUND, "there are no sessions: nobody is asked for a token")))
                .flatMap(client -> answer(client.getToken()));
    }

    private static Mono<ServerResponse> answer(Jwt token) {
        if (token.getTokenValue().length() > SessionCookie.MOST) {
            return Mono.error(() -> new Problem(
                    ProblemType.BAD_REQUEST,
                    "a token may have " + SessionCookie.MOST + " bytes to fit a cookie; send it as Authorization"));
        }
        Duration life = Duration.between(Instant.now(), Objects.requireNonNull(token.getExpiresAt()));
        return ServerResponse.noContent()
                .cacheControl(CacheControl.noStore())
                .cookie(SessionCookie.of(token.getTokenValue(), life))
                .build();
    }

    Mono<ServerResponse> end(ServerRequest request) {
        requireOwnPage(request);
        return ServerResponse.noContent()
                .cacheControl(CacheControl.noStore())
                .cookie(SessionCookie.none())
                .build();
    }

    /** Another page could make a browser use the session of somebody else. Who has no origin is no browser. */
    private static void requireOwnPage(ServerRequest request) {
        ServerHttpRequest asked = request.exchange().getRequest();
        String origin = asked.getHeaders().getOrigin();
        if (origin != null && !Origins.isOwn(origin, asked)) {
            throw Refusals.forbidden(Origins.FOREIGN);
        }
    }
}
