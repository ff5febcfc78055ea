package dev.postfeed.web;

import java.util.List;
import java.util.function.Function;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** New rows of one kind as lines over HTTP. */
final class IngestHandler<R extends Row<R, B>, B> {

    static final MediaType NDJSON = MediaType.APPLICATION_NDJSON;
    static final MediaType JSONL = MediaType.valueOf("application/jsonl");
    private static final List<MediaType> FORMS = List.of(NDJSON, JSONL);

    private final Class<B> bodyType;
    private final RowStatements<R, B> statements;
    private final JsonBodies json;
    private final IdempotencyStore store;
    private final Uploads uploads;
    private final Runnable committed;

    /** @param committed runs after lines were stored */
    IngestHandler(
            Class<B> bodyType,
            RowStatements<R, B> statements,
            JsonBodies json,
            IdempotencyStore store,
            Uploads uploads,
            Runnable committed) {
        this.bodyType = bodyType;
        this.statements = statements;
        this.json = json;
        this.store = store;
        this.uploads = uploads;
        this.committed = committed;
    }

    /** @param type of the body */
    Mono<ServerResponse> handle(ServerRequest request, MediaType type, WriteOptions options) {
        ServerResponse.BodyBuilder response =
                ServerResponse.ok().contentType(Accepts.choose(request, FORMS, Function.identity()));
        if (!options.appliedToLines().isEmpty()) {
            response.header(Preferences.APPLIED, options.appliedToLines());
        }
        IdempotencyKey key = IdempotencyKey.of(request, options, type, new byte[0]);
        ServerWebExchange http = request.exchange();
        LineWriter<R, B> writer = new LineWriter<>(statements, options);
        if (key == null) {
            IdsFirst<R, B> idsFirst = statements.idsFirst();
            LineSteps<B> plain = idsFirst == null ? writer : new LinesInTurn<>(statements, idsFirst, writer);
            Ingest<B> ingest = ingest(http, line -> entry(line, 0), plain);
            return respond(response, ingest.answers(RequestBody.buffers(request)));
        }
        LineSteps<B> keyed = new KeyedLines<>(store, key, writer, options.lenient());
        Ingest<B> ingest = ingest(http, line -> entry(line, IdempotencyKey.hash(line.bytes())), keyed);
        return respond(
                response, store.open(key).thenMany(Flux.defer(() -> ingest.answers(RequestBody.buffers(request)))));
    }

    private Ingest<B> ingest(ServerWebExchange http, Function<Line, Entry<B>> reader, LineSteps<B> steps) {
        return new Ingest<>(http, reader, steps, uploads.timeout().watch(), uploads.metrics(), committed);
    }

    private Mono<ServerResponse> respond(ServerResponse.BodyBuilder response, Flux<Mono<DataBuffer>> answers) {
        return response.body(
                (answer, context) -> answer.writeAndFlushWith(uploads.streams().admit(answers)));
    }

    private Entry<B> entry(Line line, long hash) {
        int size = line.bytes().length;
        try {
            if (line.tooLong()) {
                throw RequestBody.tooLarge("the line");
            }
            return new Entry<>(line.number(), hash, size, json.body(json.parse(line.bytes()), bodyType), null);
        } catch (Problem e) {
            return new Entry<>(line.number(), hash, size, null, e);
        }
    }
}
