package dev.postfeed.post;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

@Configuration(proxyBeanMethods = false)
class PostRoutes {

    @Bean
    RouterFunction<ServerResponse> posts(PostHandler handler, PostCreateHandler creation) {
        return route().GET("/posts", handler::list)
                .POST("/posts", creation::create)
                .GET("/posts/{id}", handler::get)
                .PUT("/posts/{id}", handler::replace)
                .PATCH("/posts/{id}", handler::patch)
                .DELETE("/posts/{id}", handler::delete)
                .GET("/users/{id}/posts", handler::listOfUser)
                .build();
    }
}
