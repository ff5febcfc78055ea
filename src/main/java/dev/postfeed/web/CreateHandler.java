package dev.postfeed.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/**
 * New rows of one kind over HTTP: one object, an array of them that is stored as a whole or not at all, or lines of them,
 * each stored and answered by itself.
 */
public abstract class CreateHandler<R extends Row<R, B>, B> {

    private final String path;
    private final Class<B> bodyType;
    private final RowStatements<R, B> statements;
    private final JsonBodies json;
    private final IdempotencyStore store;
    private final Uploads uploads;
    private final IngestHandler<R, B> lines;

    /**
     * @param path of the list; a row is at {@code path/{id}}
     * @param bodyType what clients write, with the constraints on its values
     */
    protected CreateHandler(
            String path,
            Class<B> bodyType,
            RowStatements<R, B> statements,
            JsonBodies json,
            IdempotencyStore store,
            Uploads uploads) {
        this.path = path;
        this.bodyType = bodyType;
        this.statements = statements;
        this.json = json;
        this.store = store;
        this.uploads = uploads;
        this.lines = new IngestHandler<>(bodyType, statements, json, store, uploads, this::committed);
    }

    /** Stores new rows: 201 and the rows as stored. */
    public Mono<ServerResponse> create(ServerRequest request) {
        WriteOptions options = WriteOptions.of(request, statements.conflictColumn());
        MediaType type =
                RequestBody.requireType(request, MediaType.APPLICATION_JSON, IngestHandler.NDJSON, IngestHandler.JSONL);
        if (!type.equals(MediaType.APPLICATION_JSON)) {
            return lines.handle(request, type, options);
        }
        Accepts.require(request, MediaType.APPLICATION_JSON);
        return uploads.timeout()
                .whole(request)
                .flatMap(bytes -> {
                    JsonNode document = json.parse(bytes);
                    IdempotencyKey key = IdempotencyKey.of(request, options, type, bytes);
                    return key == null ? write(document, options) : writeOnce(document, options, key);
                })
                .doOnNext(stored -> committed())
                .flatMap(StoredAnswer::toResponse);
    }

    /** Rows were stored, and can be seen by others. Returns at once. */
    protected void committed() {}

    private Mono<StoredAnswer> write(JsonNode document, WriteOptions options) {
        if (!document.isArray() && options.onConflict() == OnConflict.FAIL) {
            return statements.insert(json.body(document, bodyType)).map(row -> answerToObject(row, true, options));
        }
        return writeAll(document, options).retryWhen(Races.RETRY);
    }

    /** What is wrong with the document is said whether the key came before or not: no such document was ever stored. */
    private Mono<StoredAnswer> writeOnce(JsonNode document, WriteOptions options, IdempotencyKey key) {
        return store.once(key, writeAll(document, options));
    }

    private Mono<StoredAnswer> writeAll(JsonNode document, WriteOptions options) {
        if (document instanceof ArrayNode array) {
            return statements
                    .write(json.bodies(array, bodyType), WriteMode.ALL, options.onConflict())
                    .map(written -> answerToArray(written, options));
        }
        return statements
                .write(List.of(json.body(document, bodyType)), WriteMode.ALL, options.onConflict())
                .map(written -> answerToObject(written.get(0), options));
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
