package dev.postfeed.web;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.util.HtmlUtils;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * The API description, its reader and the pages of the problems. A file is read and compressed when it is asked for the
 * first time, off the event loops: most nodes never serve the reader, whose script has 1.7 MB.
 */
@Component
class DescriptionHandler {

    private static final Duration FOREVER = Duration.ofMillis(Long.MAX_VALUE);

    private static final String READER = "META-INF/resources/webjars/swagger-ui/";
    private static final String READER_VERSION = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private final Mono<StaticFile> description = file("static/openapi.yaml");
    private final Mono<StaticFile> docs = file("static/docs/index.html");

    /** Of the reader's own files those that it needs, and no other. */
    private final Map<String, Mono<StaticFile>> files = Map.of(
            "docs.css", file("static/docs/docs.css"),
            "docs.js", file("static/docs/docs.js"),
            "swagger-ui.css", readerFile("swagger-ui.css"),
            "swagger-ui-bundle.js", readerFile("swagger-ui-bundle.js"));

    private final Map<String, Mono<StaticFile>> problems = Arrays.stream(ProblemType.values())
            .collect(Collectors.toMap(
                    ProblemType::slug, type -> once(() -> StaticFile.of(type.slug() + ".html", page(type)))));

    Mono<ServerResponse> description(ServerRequest request) {
        return description.flatMap(file -> file.answer(request));
    }

    Mono<ServerResponse> docs(ServerRequest request) {
        return docs.flatMap(file -> file.answer(request));
    }

    /** What the reader is made of. */
    Mono<ServerResponse> file(ServerRequest request) {
        return answer(request, files.get(request.pathVariable("file")), "the reader has no such file");
    }

    /** What a problem means. */
    Mono<ServerResponse> problem(ServerRequest request) {
        return answer(request, problems.get(request.pathVariable("name")), "there is no problem of this name");
    }

    private static Mono<ServerResponse> answer(ServerRequest request, @Nullable Mono<StaticFile> file, String orElse) {
        return file == null
                ? Mono.error(() -> new Problem(ProblemType.NOT_FOUND, orElse))
                : file.flatMap(found -> found.answer(request));
    }

    private static Mono<StaticFile> file(String path) {
        return once(() -> StaticFile.of(new ClassPathResource(path)));
    }

    /** The version is part of the paths within the jar. */
    private static Mono<StaticFile> readerFile(String name) {
        return once(() -> {
            Properties properties = new Properties();
            try (InputStream in = new ClassPathResource(READER_VERSION).getInputStream()) {
                properties.load(in);
            }
            return StaticFile.of(new ClassPathResource(READER + properties.getProperty("version") + "/" + name));
        });
    }

    /** What is read is kept for good; an error is for who asked, and the next one tries again. */
    static <T> Mono<T> once(Callable<T> read) {
        return Mono.fromCallable(read)
                .subscribeOn(Schedulers.boundedElastic())
                .cache(file -> FOREVER, error -> Duration.ZERO, () -> Duration.ZERO);
    }

    private static byte[] page(ProblemType type) {
        return """
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width">
                <title>%1$s &ndash; Postfeed</title>
                <link rel="stylesheet" href="/docs/docs.css">
                <main class="text">
                <h1>%1$s</h1>
                <p>Status %2$d, type <code>%3$s</code></p>
                <h2>When</h2>
                <p>%4$s</p>
                <h2>What to do</h2>
                <p>%5$s</p>
                <p><a href="/docs">The API</a></p>
                </main>
                </html>
                """.formatted(
                        HtmlUtils.htmlEscape(type.title()),
                        type.status().value(),
                        type.path(),
                        HtmlUtils.htmlEscape(type.explanation()),
                        HtmlUtils.htmlEscape(type.remedy()))
                .getBytes(StandardCharsets.UTF_8);
    }
}
