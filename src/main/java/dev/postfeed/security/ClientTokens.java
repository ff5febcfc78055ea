package dev.postfeed.security;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.oauth2.server.resource.web.server.authentication.ServerBearerTokenAuthenticationConverter;
import org.springframework.security.web.server.WebFilterExchange;
import org.springframework.security.web.server.authentication.ServerAuthenticationConverter;
import org.springframework.security.web.server.authentication.ServerAuthenticationFailureHandler;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * The token of a request: of its header, or else of its cookie, and never of its address, which ends up in logs. With a
 * cookie a browser says what any page wanted: it counts for changes from pages of this service only.
 */
final class ClientTokens implements ServerAuthenticationConverter, ServerAuthenticationFailureHandler {

    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    private final ServerAuthenticationConverter header = new ServerBearerTokenAuthenticationConverter();

    @Override
    public Mono<Authentication> convert(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        String token = cookie(request);
        if (token == null) {
            return header.convert(exchange);
        }
        if (!SAFE.contains(request.getMethod())
                && !Origins.isOwn(request.getHeaders().getOrigin(), request)) {
            return Mono.error(() -> Refusals.forbidden(Origins.FOREIGN));
        }
        return Mono.just(new BearerTokenAuthenticationToken(token));
    }

    /** An old cookie is as none: the browser goes on sending it, also to the page where one gets a new one. */
    @Override
    public Mono<Void> onAuthenticationFailure(WebFilterExchange attempt, AuthenticationException failure) {
        boolean isOldCookie = !(failure instanceof AuthenticationServiceException)
                && cookie(attempt.getExchange().getRequest()) != null;
        return isOldCookie ? attempt.getChain().filter(attempt.getExchange()) : Mono.error(() -> Refusals.of(failure));
    }

    private static @Nullable String cookie(ServerHttpRequest request) {
        return request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION) ? null : SessionCookie.token(request);
    }
}
