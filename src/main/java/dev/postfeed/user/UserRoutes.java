package dev.postfeed.user;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

@Configuration(proxyBeanMethods = false)
class UserRoutes {

    @Bean
    RouterFunction<ServerResponse> users(UserHandler handler, UserCreateHandler creation) {
        return route().GET("/users", handler::list)
                .POST("/users", creation::create)
                .GET("/users/{id}", handler::get)
                .PUT("/users/{id}", handler::replace)
                .PATCH("/users/{id}", handler::patch)
                .DELETE("/users/{id}", handler::delete)
                .build();
    }
}
