package dev.postfeed.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * New rows of one kind over HTTP: one object, an array of them that is stored as a whole or not at all, or lines of them,
 * each stored and answered by itself.
 */
public abstract class CreateHandler<R extends Row<R, B>, B> {

    private static final MediaType NDJSON = MediaType.APPLICATION_NDJSON;
    private static final MediaType JSONL = MediaType.valueOf("application/jsonl");

    private static final Retry RETRY =
            Retry.max(3).filter(SqlStates::isWorthAnotherTry).onRetryExhaustedThrow((spec, last) -> last.failure());

    private final String path;
    private final Class<B> bodyType;
    private final RowRepository<R, B> rows;
    private final RowWriter<R, B> writer;
    private final JsonBodies json;

    /**
     * @param path of the list; a row is at {@code path/{id}}
     * @param bodyType what clients write, with the constraints on its values
     */
    protected CreateHandler(
            String path, Class<B> bodyType, RowRepository<R, B> rows, RowWriter<R, B> writer, JsonBodies json) {
        this.path = path;
        this.bodyType = bodyType;
        this.rows = rows;
        this.writer = writer;
        this.json = json;
    }

    /** Stores new rows: 201 and the rows as stored. */
    public Mono<ServerResponse> create(ServerRequest request) {
        WriteOptions options = WriteOptions.of(request, writer.conflictColumn());
        MediaType type = RequestBody.requireType(request, MediaType.APPLICATION_JSON, NDJSON, JSONL);
        if (!type.equals(MediaType.APPLICATION_JSON)) {
            return lines(request, options);
        }
        Accepts.require(request, MediaType.APPLICATION_JSON);
        return RequestBody.bytes(request)
                .map(json::parse)
                .flatMap(document -> write(document, options))
                .flatMap(StoredAnswer::toResponse);
    }

    private Mono<StoredAnswer> write(JsonNode document, WriteOptions options) {
        if (document instanceof ArrayNode array) {
            List<B> bodies = json.bodies(array, bodyType);
            return writer.write(bodies, WriteMode.ALL, options.onConflict())
                    .retryWhen(Races.RETRY)
                    .map(written -> answerToArray(written, options));
        }
        B body = json.body(document, bodyType);
        if (options.onConflict() == OnConflict.FAIL) {
            return rows.insert(body).retryWhen(RETRY).map(row -> answerToObject(row, true, options));
        }
        return writer.write(List.of(body), WriteMode.ALL, options.onConflict())
                .retryWhen(Races.RETRY)
                .map(written -> answerToObject(written.get(0), options));
    }

    private Mono<ServerResponse> lines(ServerRequest request, WriteOptions options) {
        MediaType form = Accepts.choose(request, List.of(NDJSON, JSONL), Function.identity());
        ServerResponse.BodyBuilder response = ServerResponse.ok().contentType(form);
        if (!options.appliedToLines().isEmpty()) {
            response.header(Preferences.APPLIED, options.appliedToLines());
        }
        return response.body((answer, context) -> answer.writeAndFlushWith(
                new Ingest<>(request.exchange(), line -> entry(line), new LineWriter<>(writer, options))
                        .answers(RequestBody.buffers(request))));
    }

    private Entry<B> entry(Line line) {
        int size = line.bytes().length;
        try {
            if (line.tooLong()) {
                throw RequestBody.tooLarge("the line");
            }
            return new Entry<>(line.number(), 0, size, json.body(json.parse(line.bytes()), bodyType), null);
        } catch (Problem e) {
            return new Entry<>(line.number(), 0, size, null, e);
        }
    }

    private StoredAnswer answerToObject(Written<R> written, WriteOptions options) {
        if (written.problem() != null) {
            throw written.problem();
        }
        return answerToObject(Objects.requireNonNull(written.row()), written.created(), options);
    }

    private StoredAnswer answerToObject(R row, boolean created, WriteOptions options) {
        byte[] body = json.write(row);
        return new StoredAnswer(
                status(created),
                created ? path + "/" + row.id() : null,
                EntityTag.of(body).formattedTag(),
                options.appliedToDocument(),
                options.minimal() ? new byte[0] : body);
    }

    private StoredAnswer answerToArray(List<Written<R>> all, WriteOptions options) {
        ElementErrors errors = new ElementErrors();
        List<R> stored = new ArrayList<>(all.size());
        boolean created = all.isEmpty();
        for (int i = 0; i < all.size(); i++) {
            Written<R> written = all.get(i);
            if (written.problem() != null) {
                errors.add(i, written.problem());
            } else if (written.row() != null) {
                stored.add(written.row());
                created |= written.created();
            }
        }
        errors.throwIfAny(ProblemType.values());
        return new StoredAnswer(
                status(created),
                null,
                null,
                options.appliedToDocument(),
                options.minimal() ? new byte[0] : json.write(stored));
    }

    private static int status(boolean created) {
        return (created ? HttpStatus.CREATED : HttpStatus.OK).value();
    }
}
