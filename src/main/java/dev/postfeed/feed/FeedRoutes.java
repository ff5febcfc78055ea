package dev.postfeed.feed;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.postfeed.web.Problem;
import dev.postfeed.web.ProblemType;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.MethodNotAllowedException;
import reactor.core.publisher.Mono;

@Configuration(proxyBeanMethods = false)
class FeedRoutes {

    private static final String FEED = "/posts/feed";
    private static final Set<HttpMethod> ALLOWED = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

    /** Before {@code /posts/{id}}, which would take whatever is left. */
    @Bean
    @Order(0)
    RouterFunction<ServerResponse> feed(ObjectProvider<FeedHandler> enabled) {
        FeedHandler handler = enabled.getIfAvailable();
        return handler == null
                ? route().route(FeedRoutes::isFeed, FeedRoutes::notFound).build()
                : route().GET(FEED, handler::feed)
                        .route(
                                request -> isFeed(request) && !ALLOWED.contains(request.method()),
                                FeedRoutes::notAllowed)
                        .build();
    }

    private static boolean isFeed(ServerRequest request) {
        return request.requestPath().pathWithinApplication().value().equals(FEED);
    }

    private static Mono<ServerResponse> notFound(ServerRequest request) {
        return Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "this node has no feed"));
    }

    private static Mono<ServerResponse> notAllowed(ServerRequest request) {
        return Mono.error(() -> new MethodNotAllowedException(request.method(), ALLOWED));
    }
}
