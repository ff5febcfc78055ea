package dev.postfeed.database;

import dev.postfeed.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A database of a test, seen from outside Postfeed. */
record TestDatabase(String url) {

    /** What {@code create_all} of SQLAlchemy 1.4 sends for the two models. */
    private static final String[] SQLALCHEMY = {
        "create table users (id serial not null, name varchar not null, email varchar not null,"
                + " primary key (id), unique (email))",
        "create table posts (id serial not null, title varchar not null, content varchar, user_id integer,"
                + " primary key (id), foreign key(user_id) references users (id))"
    };

    static TestDatabase empty() {
        return new TestDatabase(TestPostgres.newDatabase());
    }

    static TestDatabase madeBySqlAlchemy() throws SQLException {
        TestDatabase database = empty();
        database.execute(SQLALCHEMY);
        return database;
    }

    Map<String, String> settings() {
        return Map.of("DATABASE_URL", url);
    }

    /** Starts the database's part of Postfeed on it, and stops that again. */
    void migrate() {
        DatabaseApplication.start(settings()).close();
    }

    Connection connect() throws SQLException {
        return TestPostgres.connect(url);
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The rows of a query, the columns of each joined by a space. */
    List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    row.add(result.getString(column));
                }
                rows.add(String.join(" ", row));
            }
        }
        return rows;
    }

    String ask(String sql) throws SQLException {
        return rows(sql).get(0);
    }

    /** Every column: name, type, whether it may be null, whether it is an identity. */
    List<String> columns(String table) throws SQLException {
        return rows("select column_name, data_type, is_nullable, is_identity from information_schema.columns"
                + " where table_schema = 'public' and table_name = '" + table + "' order by column_name");
    }

    /** The change sets that ran or were found done, one entry for each time. */
    List<String> changes() throws SQLException {
        return rows("select id from databasechangelog order by id");
    }
}
