package dev.postfeed.security;

import dev.postfeed.query.InvalidParameterException;
import dev.postfeed.query.Parameters;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The scopes that a request needs, all of them. None is needed to read posts where these are public. */
final class Scopes implements ReactiveAuthorizationManager<AuthorizationContext> {

    static final String USERS_READ = "users:read";
    static final String USERS_WRITE = "users:write";
    static final String POSTS_READ = "posts:read";
    static final String POSTS_WRITE = "posts:write";

    /** What Spring Security puts before a scope to make it an authority. */
    private static final String PREFIX = "SCOPE_";

    private static final String MISSING = Scopes.class.getName();

    private final Set<String> needed;
    private final boolean publicPosts;

    Scopes(boolean publicPosts, String... needed) {
        this.needed = Set.of(needed);
        this.publicPosts = publicPosts;
    }

    @Override
    public Mono<AuthorizationResult> authorize(Mono<Authentication> client, AuthorizationContext context) {
        Set<String> missing = neededFor(context.getExchange().getRequest());
        if (missing.isEmpty()) {
            return Mono.just(new AuthorizationDecision(true));
        }
        return client.filter(Authentication::isAuthenticated)
                .map(authenticated -> {
                    missing.removeAll(of(authenticated));
                    context.getExchange().getAttributes().put(MISSING, missing);
                    return missing.isEmpty();
                })
                .defaultIfEmpty(false)
                .map(AuthorizationDecision::new);
    }

    /** What a client lacked that was refused. */
    static Set<String> missing(ServerWebExchange exchange) {
        return exchange.getAttributeOrDefault(MISSING, Set.of());
    }

    private Set<String> neededFor(ServerHttpRequest request) {
        Set<String> all = new LinkedHashSet<>(needed);
        if (embeds(request)) {
            all.add(USERS_READ);
            all.add(POSTS_READ);
        }
        if (publicPosts) {
            all.remove(POSTS_READ);
        }
        return all;
    }

    /** Rows of the other table within those that were asked for: nothing else has a parenthesis in {@code select}. */
    private static boolean embeds(ServerHttpRequest request) {
        try {
            return Parameters.decode(request.getURI().getRawQuery()).getOrDefault("select", List.of()).stream()
                    .anyMatch(selection -> selection.contains("("));
        } catch (InvalidParameterException e) {
            return false; // Refused before anything is read.
        }
    }

    private static Set<String> of(Authentication client) {
        return client.getAuthorities().stream()
                .map(GrantedAuthority::getAuthority)
                .filter(authority -> authority != null && authority.startsWith(PREFIX))
                .map(authority -> authority.substring(PREFIX.length()))
                .collect(Collectors.toSet());
    }
}
