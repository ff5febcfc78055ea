package dev.postfeed.web;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.handler.AbstractHandlerMapping;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * What no route took: OPTIONS, and methods that a known path does not have. Functional routes answer 404 to both. The
 * methods are read off the routes themselves, so that there is no second table to keep.
 */
@Component
class UnmatchedRoutes extends AbstractHandlerMapping {

    private final RouterFunctionMapping routes;

    UnmatchedRoutes(@Qualifier("routerFunctionMapping") RouterFunctionMapping routes) {
        this.routes = routes;
        setOrder(routes.getOrder() + 1);
    }

    @Override
    protected Mono<?> getHandlerInternal(ServerWebExchange exchange) {
        // Every request that comes here is an error or rare: nothing is kept between them.
        Methods allowed = new Methods();
        PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
        RouterFunction<?> all = Objects.requireNonNull(routes.getRouterFunction());
        all.accept(new Routes(path, allowed));
        if (allowed.isEmpty()) {
            return Mono.empty();
        }
        HttpMethod method = exchange.getRequest().getMethod();
        if (!method.equals(HttpMethod.OPTIONS)) {
            return Mono.error(new MethodNotAllowedException(method, allowed));
        }
        return Mono.just((WebHandler) options -> {
            options.getResponse().setStatusCode(HttpStatus.NO_CONTENT);
            options.getResponse().getHeaders().setAllow(allowed);
            return options.getResponse().setComplete();
        });
    }

    /** In the order in which the routes name them; GET brings HEAD, and any brings OPTIONS. */
    private static final class Methods extends LinkedHashSet<HttpMethod> {

        @Override
        public boolean addAll(Collection<? extends HttpMethod> methods) {
            boolean changed = super.addAll(methods);
            if (methods.contains(HttpMethod.GET)) {
                add(HttpMethod.HEAD);
            }
            add(HttpMethod.OPTIONS);
            return changed;
        }
    }

    /** Walks a router function; of the routes whose path fits best, as /posts/feed before /posts/{id}, it takes the methods. */
    private static final class Routes implements RouterFunctions.Visitor {

        private final PathContainer path;
        private final Methods allowed;
        private @Nullable PathPattern best;

        Routes(PathContainer path, Methods allowed) {
            this.path = path;
            this.allowed = allowed;
        }

        @Override
        public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
            PathAndMethods route = new PathAndMethods();
            predicate.accept(route);
            if (route.pattern == null) {
                return;
            }
            PathPattern pattern = PathPatternParser.defaultInstance.parse(route.pattern);
            int order = best == null ? -1 : PathPattern.SPECIFICITY_COMPARATOR.compare(pattern, best);
            if (order > 0 || !pattern.matches(path)) {
                return;
            }
            if (order < 0) {
                best = pattern;
                allowed.clear();
            }
            allowed.addAll(route.methods);
        }

        @Override
        public void startNested(RequestPredicate predicate) {
            throw new IllegalStateException("a nested route would hide its path from OPTIONS and 405: write it flat");
        }

        @Override
        public void endNested(RequestPredicate predicate) {}

        @Override
        public void resources(Function<ServerRequest, Mono<Resource>> lookup) {}

        @Override
        public void attributes(Map<String, Object> attributes) {}

        @Override
        public void unknown(RouterFunction<?> route) {}
    }

    private static final class PathAndMethods implements RequestPredicates.Visitor {

        private Set<HttpMethod> methods = Set.of();
        private @Nullable String pattern;

        @Override
        public void method(Set<HttpMethod> methods) {
            this.methods = methods;
        }

        @Override
        public void path(String pattern) {
            this.pattern = pattern;
        }

        @Override
        public void header(String name, String value) {}

        @Override
        public void queryParam(String name, String value) {}

        @Override
        public void version(String version) {}

        @Override
        @SuppressWarnings("removal")
        public void pathExtension(String extension) {}

        @Override
        public void startAnd() {}

        @Override
        public void and() {}

        @Override
        public void endAnd() {}

        @Override
        public void startOr() {}

        @Override
        public void or() {}

        @Override
        public void endOr() {}

        @Override
        public void startNegate() {}

        @Override
        public void endNegate() {}

        @Override
        public void unknown(RequestPredicate predicate) {}
    }
}
