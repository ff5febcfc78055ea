package dev.postfeed.web;

import dev.postfeed.query.ListQuery;
import dev.postfeed.query.Parameters;
import dev.postfeed.query.Table;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * One kind of row over HTTP: what users and posts have in common, once. A handler of a kind extends it with what is
 * its own.
 *
 * <p>A change takes the row's lock, compares its entity tag, writes, and commits, so that of two clients that change
 * one row with {@code If-Match} one gets 412, and two patches of different fields are both kept.
 */
public abstract class ResourceHandler<R extends Row<R, B>, B> {

    /** Of what {@link SqlStates#isWorthAnotherTry} says, at once and without a pause: it is rare and does not repeat. */
    static final Retry RETRY =
            Retry.max(3).filter(SqlStates::isWorthAnotherTry).onRetryExhaustedThrow((spec, last) -> last.failure());

    private final String path;
    private final Table table;
    private final Class<B> bodyType;
    private final RowRepository<R, B> rows;
    private final RowStatements<R, B> statements;
    private final Lists lists;
    private final JsonBodies json;
    private final TransactionalOperator transaction;

    /**
     * @param path of the list; a row is at {@code path/{id}}
     * @param table what lists of these rows may ask for
     * @param bodyType what clients write, with the constraints on its values
     */
    protected ResourceHandler(
            String path,
            Table table,
            Class<B> bodyType,
            RowRepository<R, B> rows,
            RowStatements<R, B> statements,
            Lists lists,
            JsonBodies json,
            TransactionalOperator transaction) {
        this.path = path;
        this.table = table;
        this.lists = lists;
        this.bodyType = bodyType;
        this.rows = rows;
        this.statements = statements;
        this.json = json;
        this.transaction = transaction;
        json.prepare(bodyType);
    }

    /** The rows that the query string asks for. */
    public Mono<ServerResponse> list(ServerRequest request) {
        ListQuery query =
                ListQuery.of(table, path, Parameters.decode(request.uri().getRawQuery()));
        return lists.answer(request, query, monitor(query), Mono.empty());
    }

    /** Where a client can go on with a list that is going to be read; null where it cannot. */
    protected Lists.@Nullable Monitor monitor(ListQuery query) {
        return null;
    }

    /** One row; 304 where {@code If-None-Match} names it. */
    public Mono<ServerResponse> get(ServerRequest request) {
        requireNoParameters(request);
        Accepts.require(request, MediaType.APPLICATION_JSON);
        long id = id(request);
        Preconditions preconditions = Preconditions.of(request);
        return statements.findById(id).switchIfEmpty(notFound(id)).flatMap(row -> {
            byte[] body = json.write(row);
            ETag tag = EntityTag.of(body);
            preconditions.requireMatch(tag);
            if (preconditions.isKnown(tag)) {
                return ServerResponse.status(HttpStatus.NOT_MODIFIED)
                        .eTag(tag.formattedTag())
                        .build();
            }
            return WholeBody.of(ServerResponse.ok().eTag(tag.formattedTag()), MediaType.APPLICATION_JSON, body);
        });
    }

    /** Writes all that a client may write of a row. */
    public Mono<ServerResponse> replace(ServerRequest request) {
        return json.read(change(request), bodyType).flatMap(body -> update(request, row -> row.with(body)));
    }

    /** Writes what the merge patch has of a row. */
    public Mono<ServerResponse> patch(ServerRequest request) {
        return json.readPatch(change(request), bodyType)
                .flatMap(patch -> update(request, row -> row.with(json.merge(row.body(), patch, bodyType))));
    }

    /** Deletes a row: 204. */
    public Mono<ServerResponse> delete(ServerRequest request) {
        requireNoParameters(request);
        long id = id(request);
        return locked(request, id, row -> rows.delete(row).thenReturn(row))
                .flatMap(row -> ServerResponse.noContent().build());
    }

    /** The id in the path. */
    protected static long id(ServerRequest request) {
        return Parameters.id("id", request.pathVariable("id"));
    }

    /** The error of a row that is not there. */
    protected <T> Mono<T> notFound(long id) {
        return Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "there is no " + path + "/" + id));
    }

    private static ServerRequest change(ServerRequest request) {
        requireNoParameters(request);
        Accepts.require(request, MediaType.APPLICATION_JSON);
        id(request);
        return request;
    }

    private Mono<ServerResponse> update(ServerRequest request, UnaryOperator<R> edit) {
        return locked(request, id(request), row -> rows.save(edit.apply(row)))
                .flatMap(row -> stored(request, ServerResponse.ok(), row));
    }

    private Mono<R> locked(ServerRequest request, long id, Function<R, Mono<R>> change) {
        Preconditions preconditions = Preconditions.of(request);
        return rows.findForUpdateById(id)
                .switchIfEmpty(notFound(id))
                .doOnNext(row -> preconditions.require(EntityTag.of(json.write(row))))
                .flatMap(change)
                .as(transaction::transactional)
                .retryWhen(RETRY);
    }

    /** The row that was written, or with {@code Prefer: return=minimal} its tag alone. */
    private Mono<ServerResponse> stored(ServerRequest request, ServerResponse.BodyBuilder response, R row) {
        byte[] body = json.write(row);
        response.eTag(EntityTag.of(body).formattedTag());
        if (!Preferences.of(request).has(Preferences.RETURN_MINIMAL)) {
            return WholeBody.of(response, MediaType.APPLICATION_JSON, body);
        }
        response.header(Preferences.APPLIED, Preferences.RETURN_MINIMAL);
        return response.build();
    }

    private static void requireNoParameters(ServerRequest request) {
        Parameters.of(Parameters.decode(request.uri().getRawQuery()), Set.of());
    }
}
