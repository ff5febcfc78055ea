package dev.postfeed.web;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * HEAD works wherever GET does: functional routes do not match it by themselves. The server has wrapped the response
 * by now, so that the body is counted and dropped (RFC 9110, section 9.3.2).
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class HeadAsGet implements WebFilter {

    private static final String HEAD = HeadAsGet.class.getName();

    /** Whether the body of the answer is going to be dropped. */
    public static boolean isHead(ServerRequest request) {
        return request.attribute(HEAD).isPresent();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!HttpMethod.HEAD.equals(exchange.getRequest().getMethod())) {
            return chain.filter(exchange);
        }
        exchange.getAttributes().put(HEAD, true);
        return chain.filter(
                exchange.mutate().request(r -> r.method(HttpMethod.GET)).build());
    }
}
