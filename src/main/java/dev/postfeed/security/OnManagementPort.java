package dev.postfeed.security;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Requests to a port of its own for operators ({@code management.server.port}), which only they can reach. */
final class OnManagementPort implements ServerWebExchangeMatcher {

    @Override
    public Mono<MatchResult> matches(ServerWebExchange exchange) {
        ApplicationContext context = exchange.getApplicationContext();
        return WebServerApplicationContext.hasServerNamespace(context, "management")
                ? MatchResult.match()
                : MatchResult.notMatch();
    }
}
