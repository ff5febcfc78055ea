package dev.postfeed.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** What the service says of itself: the API description, its reader, and a page for each problem. */
@Configuration(proxyBeanMethods = false)
class DescriptionRoutes {

    @Bean
    RouterFunction<ServerResponse> description(DescriptionHandler handler) {
        return RouterFunctions.route()
                .GET("/openapi.yaml", handler::description)
                .GET("/docs", handler::docs)
                .GET("/docs/{file}", handler::file)
                .GET("/problems/{name}", handler::problem)
                .build();
    }
}
