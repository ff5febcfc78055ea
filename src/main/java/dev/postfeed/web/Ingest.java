package dev.postfeed.web;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One request of lines, each answered by a line, in order, while the upload goes on. Memory is bounded whatever the
 * client does: some batches that are being written, a batch that waits, a line that has begun, and some answers on their way.
 */
final class Ingest<B> {

    /** Fewer lines than this wait for those before them. */
    private static final int FEW_LINES = 500;

    private static final int MAX_LINES = 1000;

    private final ServerHttpRequest request;
    private final Function<Line, Entry<B>> reader;
    private final LineSteps<B> steps;
    private final BodyTimeout.Watch watch;
    private final Runnable committed;
    private final UploadMetrics metrics;
    private final LineSplitter splitter = new LineSplitter(RequestBody.MAX_SIZE);
    private final ServerHttpResponse response;

    /** Touched by the event loop of the connection only. */
    private boolean begun;

    /**
     * @param reader what a line is; called as lines arrive
     * @param watch over the client
     * @param committed runs after lines were stored
     */
    Ingest(
            ServerWebExchange exchange,
            Function<Line, Entry<B>> reader,
            LineSteps<B> steps,
            BodyTimeout.Watch watch,
            UploadMetrics metrics,
            Runnable committed) {
        this.request = exchange.getRequest();
        this.response = exchange.getResponse();
        this.reader = reader;
        this.steps = steps;
        this.watch = watch;
        this.committed = committed;
        this.metrics = metrics;
    }

    /**
     * The answers, a buffer for each batch. A failure of the database before the first of them is an error, after it the
     * last line; one of the body is an error wherever it is, since the lines that were meant are not known.
     */
    Flux<Mono<DataBuffer>> answers(Flux<DataBuffer> body) {
        Flux<List<Entry<B>>> lines = watch.over(body.map(RequestBody::bytes)
                        .doOnNext(metrics::received)
                        .map(bytes -> read(splitter.add(bytes))))
                .concatWith(Mono.fromSupplier(() -> read(splitter.end())));
        int atOnce = steps.atOnce();
        return metrics.watch(new Batches<>(lines, MAX_LINES, RequestBody.MAX_SIZE, Entry::size, atOnce, FEW_LINES)
                .flatMapSequential(this::answer, atOnce, 1)
                .takeUntil(Answered::last)
                .doOnNext(answered -> metrics.answered(answered.answers()))
                .map(answered -> Mono.fromSupplier(
                        () -> response.bufferFactory().wrap(answered.answers().toBytes()))));
    }

    private List<Entry<B>> read(List<Line> lines) {
        List<Entry<B>> entries = new ArrayList<>(lines.size());
        lines.forEach(line -> entries.add(reader.apply(line)));
        return entries;
    }

    private Flux<Answered<B>> answer(List<Entry<B>> batch) {
        return watch.during(step(batch)
                .expand(answered ->
                        answered.last() || answered.rest().isEmpty() ? Mono.empty() : step(answered.rest())));
    }

    private Mono<Answered<B>> step(List<Entry<B>> entries) {
        // Nothing is written for a client that does not read what was answered so far.
        return ClientConnection.writable(response).then(Mono.defer(() -> {
            boolean first = !begun;
            begun = true;
            return steps.step(entries)
                    .doOnNext(answered -> committed.run())
                    .onErrorResume(
                            failure -> first ? Mono.error(failure) : Mono.fromSupplier(() -> failed(entries, failure)));
        }));
    }

    /** The answer has begun with 200: that the database failed can only be said in a line. */
    private Answered<B> failed(List<Entry<B>> entries, Throwable failure) {
        LineAnswers answers = new LineAnswers();
        answers.refused(entries.get(0).line(), Problems.describe(request, failure));
        return new Answered<>(answers, 0, List.of(), true);
    }
}
