package dev.postfeed.security;

import dev.postfeed.web.IdempotencyKey;
import java.time.Instant;
import java.util.Objects;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** What is different for a request whose client is known: it ends with its token, and what it is answered is for that client. */
final class KnownClients implements WebFilter {

    private static final String NOT_FOR_OTHERS =
            Objects.requireNonNull(CacheControl.noCache().cachePrivate().getHeaderValue());

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return exchange.getPrincipal()
                .ofType(JwtAuthenticationToken.class)
                .map(client -> filter(client.getToken(), exchange, chain))
                .defaultIfEmpty(chain.filter(exchange))
                .flatMap(answer -> answer);
    }

    private static Mono<Void> filter(Jwt token, ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getAttributes().put(IdempotencyKey.CLIENT, token.getClaimAsString("iss") + " " + token.getSubject());
        Instant expiry = Objects.requireNonNull(token.getExpiresAt());
        StreamsEnd streams = new StreamsEnd(exchange, expiry);
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() -> Mono.fromRunnable(() -> {
            if (!response.getHeaders().containsHeader(HttpHeaders.CACHE_CONTROL)) {
                response.getHeaders().setCacheControl(NOT_FOR_OTHERS);
            }
            streams.answers();
        }));
        return chain.filter(exchange.mutate().request(streams).build()).doFinally(signal -> streams.over());
    }
}
