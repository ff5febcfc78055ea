package dev.postfeed.web;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The files of the page, in {@code static/}: there are no others, whatever a path says. */
@Component
class PageHandler {

    private final StaticFile index;
    private final StaticFile robots;
    private final StaticFile icon;
    private final Map<String, StaticFile> files = new HashMap<>();

    PageHandler() throws IOException {
        PathMatchingResourcePatternResolver resources = new PathMatchingResourcePatternResolver();
        index = StaticFile.of(resources.getResource("classpath:static/index.html"));
        robots = StaticFile.of(resources.getResource("classpath:static/robots.txt"));
        for (Resource file : resources.getResources("classpath:static/page/*.*")) {
            files.put(Objects.requireNonNull(file.getFilename()), StaticFile.of(file));
        }
        icon = Objects.requireNonNull(files.get("favicon.svg"));
    }

    Mono<ServerResponse> index(ServerRequest request) {
        return index.answer(request);
    }

    /** A script, the style sheet or the icon. */
    Mono<ServerResponse> file(ServerRequest request) {
        @Nullable StaticFile file = files.get(request.pathVariable("file"));
        return file == null
                ? Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "the page has no such file"))
                : file.answer(request);
    }

    /** Where browsers look for it when they show something else than the page, which names its own. */
    Mono<ServerResponse> icon(ServerRequest request) {
        return icon.answer(request);
    }

    Mono<ServerResponse> robots(ServerRequest request) {
        return robots.answer(request);
    }
}
