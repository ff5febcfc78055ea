package dev.postfeed.security;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

@Configuration(proxyBeanMethods = false)
class SessionRoutes {

    @Bean
    RouterFunction<ServerResponse> sessions(SessionHandler handler) {
        return route().POST("/session", handler::begin)
                .DELETE("/session", handler::end)
                .build();
    }
}
