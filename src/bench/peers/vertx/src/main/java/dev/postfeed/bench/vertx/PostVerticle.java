package dev.postfeed.bench.vertx;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.PreparedQuery;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;

final class PostVerticle extends VerticleBase {

    /** Of an event loop: more than one, since commits on a connection wait for each other. */
    private static final int CONNECTIONS = 8;

    private static final int PIPELINED = 256;
    private static final int CURSOR_ROWS = 1000;
    private static final String SELECT = "select id, title, content, user_id, created_at from posts ";

    private Pool pool;
    private PreparedQuery<RowSet<Row>> byId;
    private PreparedQuery<RowSet<Row>> newest;
    private PreparedQuery<RowSet<Row>> after;
    private PreparedQuery<RowSet<Row>> insert;

    @Override
    public Future<?> start() {
        PgConnectOptions database = PgConnectOptions.fromUri(System.getenv("DATABASE_URL"))
                .setCachePreparedStatements(true)
                .setPipeliningLimit(PIPELINED);
        SqlClient client = PgBuilder.client()
                .with(new PoolOptions().setMaxSize(CONNECTIONS))
                .connectingTo(database)
                .using(vertx)
                .build();
        // Streams hold a connection each, which pipelined queries do not.
        pool = PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(CONNECTIONS))
                .connectingTo(database)
                .using(vertx)
                .build();
        byId = client.preparedQuery(SELECT + "where id = $1");
        newest = client.preparedQuery(SELECT + "order by id desc limit $1");
        after = client.preparedQuery(SELECT + "where id > $1 order by id limit $2");
        insert = client.preparedQuery("insert into posts (title, content, user_id) values ($1, $2, $3)"
                + " returning id, title, content, user_id, created_at");

        Router router = Router.router(vertx);
        router.get("/posts/:id").handler(this::get);
        router.get("/posts").handler(this::list);
        router.post("/posts").handler(BodyHandler.create(false)).handler(this::create);
        return vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
                .requestHandler(router)
                .listen(Integer.parseInt(System.getenv("SERVER_PORT")));
    }

    private void get(RoutingContext context) {
        byId.execute(Tuple.of(Long.valueOf(context.pathParam("id"))))
                .onSuccess(rows -> {
                    if (rows.size() == 0) {
                        context.fail(404);
                    } else {
                        json(context.response(), json(rows.iterator().next()).toBuffer());
                    }
                })
                .onFailure(context::fail);
    }

    private void list(RoutingContext context) {
        int limit = Integer.parseInt(context.request().getParam("limit"));
        if ("application/x-ndjson".equals(context.request().getHeader("Accept"))) {
            stream(context, limit);
            return;
        }
        String id = context.request().getParam("id"); // gt.N
        Future<RowSet<Row>> rows = id == null
                ? newest.execute(Tuple.of(limit))
                : after.execute(Tuple.of(Long.valueOf(id.substring("gt.".length())), limit));
        rows.onSuccess(all -> {
                    JsonArray posts = new JsonArray();
                    all.forEach(row -> posts.add(json(row)));
                    json(context.response(), posts.toBuffer());
                })
                .onFailure(context::fail);
    }

    private void create(RoutingContext context) {
        JsonObject post = context.body().asJsonObject();
        insert.execute(Tuple.of(post.getString("title"), post.getString("content"), post.getLong("user_id")))
                .onSuccess(rows -> {
                    JsonObject created = json(rows.iterator().next());
                    context.response().setStatusCode(201).putHeader("Location", "/posts/" + created.getLong("id"));
                    json(context.response(), created.toBuffer());
                })
                .onFailure(context::fail);
    }

    private void stream(RoutingContext context, int limit) {
        HttpServerResponse response =
                context.response().setChunked(true).putHeader("Content-Type", "application/x-ndjson");
        pool.withTransaction(connection -> connection
                        .prepare(SELECT + "order by id limit $1")
                        .compose(statement -> {
                            Promise<Void> written = Promise.promise();
                            write(statement.cursor(Tuple.of(limit)), response, written);
                            return written.future();
                        }))
                .compose(done -> response.end())
                .onFailure(failure -> response.reset());
    }

    /**
     * As fast as the client reads: a write ends when it has been taken. One future for all of them: of a thousand that
     * complete each other the stack overflows.
     */
    private static void write(Cursor cursor, HttpServerResponse response, Promise<Void> written) {
        cursor.read(CURSOR_ROWS)
                .compose(rows -> {
                    Buffer lines = Buffer.buffer();
                    rows.forEach(row -> lines.appendBuffer(json(row).toBuffer()).appendByte((byte) '\n'));
                    return response.write(lines);
                })
                .onSuccess(taken -> {
                    if (cursor.hasMore()) {
                        write(cursor, response, written);
                    } else {
                        cursor.close().onComplete(written);
                    }
                })
                .onFailure(written::fail);
    }

    private static void json(HttpServerResponse response, Buffer body) {
        response.putHeader("Content-Type", "application/json").end(body);
    }

    private static JsonObject json(Row row) {
        return new JsonObject()
                .put("id", row.getLong(0))
                .put("title", row.getString(1))
                .put("content", row.getString(2))
                .put("user_id", row.getLong(3))
                .put("created_at", row.getOffsetDateTime(4).toInstant());
    }
}
