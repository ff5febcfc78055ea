package dev.postfeed.web;

import java.util.Arrays;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;

/** What a browser opens: the live page, what it is made of, and a page for each problem. */
@Configuration(proxyBeanMethods = false)
class SiteRoutes {

    @Bean
    RouterFunction<ServerResponse> site(PageHandler page) {
        return RouterFunctions.route()
                .GET("/", page::index)
                .GET("/page/{file}", page::file)
                .GET("/favicon.ico", page::icon)
                .GET("/robots.txt", page::robots)
                .GET("/problems/{name}", SiteRoutes::problem)
                .build();
    }

    private static Mono<ServerResponse> problem(ServerRequest request) {
        Accepts.require(request, MediaType.TEXT_HTML);
        String name = request.pathVariable("name");
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.slug().equals(name))
                .findFirst()
                .map(type -> ServerResponse.ok()
                        .contentType(MediaType.valueOf("text/html;charset=UTF-8"))
                        .bodyValue(page(type)))
                .orElseGet(() -> Mono.error(new Problem(ProblemType.NOT_FOUND, "there is no problem of this name")));
    }

    private static String page(ProblemType type) {
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%1$s</title>
                <h1>%1$s</h1>
                <p>Status %2$d, type <code>%3$s</code></p>
                <p>%4$s</p>
                </html>
                """.formatted(
                        HtmlUtils.htmlEscape(type.title()),
                        type.status().value(),
                        type.path(),
                        HtmlUtils.htmlEscape(type.explanation()));
    }
}
