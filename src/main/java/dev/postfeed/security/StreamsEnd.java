package dev.postfeed.security;

import dev.postfeed.web.ClientConnection;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Ends a stream when the token that it was asked for with expires: without the end of the answer, so that the client can tell
 * that it is not whole, and come again with another. Answers of a known length are not streams.
 */
final class StreamsEnd implements WebFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return exchange.getPrincipal()
                .ofType(JwtAuthenticationToken.class)
                .mapNotNull(client -> client.getToken().getExpiresAt())
                .map(expiry -> until(expiry, exchange.getResponse(), chain.filter(exchange)))
                .defaultIfEmpty(chain.filter(exchange))
                .flatMap(answer -> answer);
    }

    private static Mono<Void> until(Instant expiry, ServerHttpResponse response, Mono<Void> answer) {
        AtomicReference<@Nullable Future<?>> end = new AtomicReference<>();
        response.beforeCommit(() -> {
            if (response.getHeaders().getContentLength() < 0) {
                Channel channel = ClientConnection.channel(response);
                long left = Math.max(0, Duration.between(Instant.now(), expiry).toMillis());
                end.set(channel.eventLoop().schedule(() -> channel.close(), left, TimeUnit.MILLISECONDS));
            }
            return Mono.empty();
        });
        return answer.doFinally(signal -> {
            Future<?> pending = end.get();
            if (pending != null) {
                pending.cancel(false);
            }
        });
    }
}
