package dev.postfeed.query;

import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import io.r2dbc.postgresql.PostgresqlConnectionFactoryProvider;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.sql.Connection;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import liquibase.Liquibase;
import liquibase.database.jvm.JdbcConnection;
import liquibase.resource.ClassLoaderResourceAccessor;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A database with Postfeed's schema, asked as Postfeed asks: by R2DBC, with the values bound. */
final class QueryDatabase {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Sql sql;
    private final PostgresqlConnection connection;

    private QueryDatabase(Sql sql, PostgresqlConnection connection) {
        this.sql = sql;
        this.connection = connection;
    }

    static QueryDatabase migrated() {
        return migrated("");
    }

    /** @param kind options of {@code create database} */
    static QueryDatabase migrated(String kind) {
        String url = TestPostgres.newDatabase(kind);
        try (Connection jdbc = TestPostgres.connect(url);
                Liquibase liquibase = new Liquibase(
                        "db/changelog/changelog.yaml", new ClassLoaderResourceAccessor(), new JdbcConnection(jdbc))) {
            liquibase.update();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        ConnectionFactoryOptions options = ConnectionFactoryOptions.parse("r2dbc:" + url)
                .mutate()
                // Not what the service asks for: no text that clients get may depend on it.
                .option(PostgresqlConnectionFactoryProvider.OPTIONS, Map.of("TimeZone", "Asia/Kathmandu"))
                .build();
        PostgresqlConnection connection = Mono.from(
                        ConnectionFactories.get(options).create())
                .cast(PostgresqlConnection.class)
                .block(PATIENCE);
        return new QueryDatabase(new Sql(url), connection);
    }

    Sql sql() {
        return sql;
    }

    void close() {
        connection.close().block(PATIENCE);
    }

    /** The rows, each a list of its columns as text, null for null. */
    List<List<String>> run(SqlStatement statement) {
        Statement bound = connection.createStatement(statement.sql());
        for (int i = 0; i < statement.binds().size(); i++) {
            bound.bind(i, statement.binds().get(i));
        }
        return Flux.from(bound.execute())
                .concatMap(result -> result.map((row, metadata) -> texts(row)))
                .collectList()
                .block(PATIENCE);
    }

    private static List<String> texts(Row row) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < row.getMetadata().getColumnMetadatas().size(); i++) {
            Object value = row.get(i);
            texts.add(value instanceof OffsetDateTime ? row.get(i, String.class) : Objects.toString(value, null));
        }
        return texts;
    }
}
