package dev.postfeed.web;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** What a browser opens first: the live page, and what it is made of. */
@Configuration(proxyBeanMethods = false)
class SiteRoutes {

    @Bean
    RouterFunction<ServerResponse> site(PageHandler page) {
        return RouterFunctions.route()
                .GET("/", page::index)
                .GET("/page/{file}", page::file)
                .GET("/favicon.ico", page::icon)
                .GET("/robots.txt", page::robots)
                .build();
    }
}
