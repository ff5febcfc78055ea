package dev.postfeed.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.webflux.autoconfigure.WebHttpHandlerBuilderCustomizer;
import org.springframework.core.io.Resource;
import org.springframework.http.codec.HttpMessageReader;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.server.reactive.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.cors.reactive.CorsUtils;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import org.springframework.web.util.pattern.PathPattern;
import reactor.core.publisher.Mono;

/**
 * Serves what a route takes, as Spring's dispatcher does; that asks each of its mappings first, and of the routes one after the
 * other, each by some publishers: a sixth of a read. What no route takes goes on to it: management, OPTIONS, 404, 405.
 * Filters of a router function would not be run: it does not tell its visitors that it has some.
 */
@Component
final class MatchedRoutes implements WebHttpHandlerBuilderCustomizer {

    private record Route(RequestPredicate predicate, HandlerFunction<?> handler) {}

    private final List<Route> routes;
    private final List<HttpMessageReader<?>> readers;
    private final ServerResponse.Context context;

    MatchedRoutes(@Qualifier("routerFunctionMapping") RouterFunctionMapping mapping, ServerCodecConfigurer codecs) {
        List<Route> found = new ArrayList<>();
        Objects.requireNonNull(mapping.getRouterFunction()).accept(new Routes(found));
        this.routes = List.copyOf(found);
        this.readers = codecs.getReaders();
        this.context = new Writers(codecs.getWriters());
    }

    /** After all other filters, whatever their order: nothing is served to whom one of them refuses. */
    @Override
    public void customize(WebHttpHandlerBuilder builder) {
        builder.filters(filters -> filters.add(this::filter));
    }

    private Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (CorsUtils.isPreFlightRequest(exchange.getRequest())) {
            return chain.filter(exchange); // A predicate takes it for the request that it asks about.
        }
        ServerRequest request = ServerRequest.create(exchange, readers);
        for (Route route : routes) {
            if (route.predicate.test(request)) {
                nameForMetrics(exchange);
                return route.handler.handle(request).flatMap(response -> response.writeTo(exchange, context));
            }
        }
        return chain.filter(exchange);
    }

    /** By the pattern, where the route has one: an address may have an id, and each would be a series of its own. */
    private static void nameForMetrics(ServerWebExchange exchange) {
        PathPattern pattern = exchange.getAttribute(RouterFunctions.MATCHING_PATTERN_ATTRIBUTE);
        if (pattern != null) {
            ServerRequestObservationContext.findCurrent(exchange.getAttributes())
                    .ifPresent(observation -> observation.setPathPattern(pattern.getPatternString()));
        }
    }

    private record Writers(List<HttpMessageWriter<?>> messageWriters) implements ServerResponse.Context {

        @Override
        public List<ViewResolver> viewResolvers() {
            return List.of();
        }
    }

    private record Routes(List<Route> found) implements RouterFunctions.Visitor {

        @Override
        public void route(RequestPredicate predicate, HandlerFunction<?> handler) {
            found.add(new Route(predicate, handler));
        }

        @Override
        public void startNested(RequestPredicate predicate) {
            throw new IllegalStateException("a nested route, " + predicate + ": write it flat");
        }

        @Override
        public void endNested(RequestPredicate predicate) {}

        @Override
        public void resources(Function<ServerRequest, Mono<Resource>> lookup) {
            throw new IllegalStateException("a route of resources: write a handler");
        }

        @Override
        public void attributes(Map<String, Object> attributes) {}

        @Override
        public void unknown(RouterFunction<?> route) {
            throw new IllegalStateException("a route that does not tell its path, " + route);
        }
    }
}
