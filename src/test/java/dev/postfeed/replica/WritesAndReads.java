package dev.postfeed.replica;

import static dev.postfeed.Api.json;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Clients that change something at one node and read it at the other at once, each in turn of five ways. */
final class WritesAndReads {

    private static final int CLIENTS = 16;
    private static final MediaType PATCH = MediaType.valueOf("application/merge-patch+json");
    private static final MediaType CSV = MediaType.valueOf("text/csv");

    private final WebClient[] nodes;
    private final boolean handsBack;
    private final AtomicInteger stale = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /** @param handsBack whether they hand back the position that they got */
    WritesAndReads(TwoNodes nodes, boolean handsBack) {
        this.nodes = new WebClient[] {WebClient.create(nodes.url(0)), WebClient.create(nodes.url(1))};
        this.handsBack = handsBack;
    }

    /** Pairs of a write and a read, as many. */
    Mono<Void> run(int pairs) {
        return Flux.range(0, pairs).flatMap(this::pair, CLIENTS).then();
    }

    /** Reads that did not have what was written. */
    int stale() {
        return stale.get();
    }

    /** Answers of another status than they should have. */
    int failed() {
        return failed.get();
    }

    private Mono<Void> pair(int number) {
        int writer = number % 2;
        String title = "pair " + number;
        Mono<ResponseEntity<String>> created = send(writer, HttpMethod.POST, "/posts", json("title", title));
        return switch (number % 5) {
            case 0 -> created.flatMap(post -> read(1 - writer, post, location(post), null, title));
            case 1 ->
                created.flatMap(post -> send(writer, HttpMethod.PATCH, location(post), json("title", "new"))
                        .flatMap(patched -> read(1 - writer, patched, "/posts?id=eq." + id(post), null, "new")));
            case 2 -> created.flatMap(post -> read(1 - writer, post, "/posts?id=eq." + id(post), CSV, title));
            case 3 ->
                created.flatMap(post -> send(writer, HttpMethod.DELETE, location(post), null)
                        .flatMap(deleted -> read(1 - writer, deleted, location(post), null, null)));
            default ->
                send(writer, HttpMethod.POST, "/posts", "[" + json("title", title) + "]")
                        .flatMap(array -> read(
                                1 - writer,
                                array,
                                "/posts?order=id.desc&limit=100",
                                MediaType.APPLICATION_NDJSON,
                                title));
        };
    }

    private static String location(ResponseEntity<String> post) {
        return Objects.requireNonNull(post.getHeaders().getFirst("Location"));
    }

    private static String id(ResponseEntity<String> post) {
        return location(post).substring("/posts/".length());
    }

    /** @param title what must be read; null for nothing at all */
    private Mono<Void> read(
            int node, ResponseEntity<String> written, String path, @Nullable MediaType accept, @Nullable String title) {
        if (!written.getStatusCode().is2xxSuccessful()) {
            failed.incrementAndGet();
        }
        String position = written.getHeaders().getFirst(PositionFilter.HEADER);
        return nodes[node]
                .get()
                .uri(path)
                .accept(accept == null ? MediaType.APPLICATION_JSON : accept)
                .headers(headers -> {
                    if (handsBack) {
                        headers.set(PositionFilter.HEADER, Objects.requireNonNull(position));
                    }
                })
                .exchangeToMono(answer -> answer.toEntity(String.class))
                .doOnNext(answer -> {
                    int status = answer.getStatusCode().value();
                    boolean has = title == null
                            ? status == 404
                            : status == 200 && String.valueOf(answer.getBody()).contains("\"" + title + "\"");
                    if (status != 200 && status != 404) {
                        failed.incrementAndGet();
                    } else if (!has) {
                        stale.incrementAndGet();
                    }
                })
                .then();
    }

    private Mono<ResponseEntity<String>> send(int node, HttpMethod method, String path, @Nullable String body) {
        WebClient.RequestBodySpec request = nodes[node].method(method).uri(path);
        if (body != null) {
            request.contentType(method.equals(HttpMethod.PATCH) ? PATCH : MediaType.APPLICATION_JSON)
                    .bodyValue(body);
        }
        return request.exchangeToMono(answer -> answer.toEntity(String.class));
    }
}
