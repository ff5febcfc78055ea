package dev.postfeed.feed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One transaction of a program that writes posts by SQL, which keeps account of what it has inserted and undone. */
final class SqlTransaction {

    private final WriteHistory history;
    private final Random random;
    private final String writer;
    private final String how;
    private final Connection connection;
    private final List<Insert> inserts = new ArrayList<>();
    private final List<Insert> undone = new ArrayList<>();

    /** @param how it writes, for people */
    SqlTransaction(WriteHistory history, Random random, String writer, String how, Connection connection) {
        this.history = history;
        this.random = random;
        this.writer = writer;
        this.how = how;
        this.connection = connection;
    }

    Insert insert() throws SQLException {
        Insert insert = next(1).sent();
        insertRow(insert, null);
        return insert;
    }

    /** Draws an id, and returns what will be inserted with it. */
    Insert draw() throws SQLException {
        Insert insert = next(1).sent();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select nextval(pg_get_serial_sequence('posts', 'id'))")) {
            row.next();
            insert.id(0, row.getLong(1));
        }
        return insert;
    }

    void insertDrawn(Insert insert) throws SQLException {
        insertRow(insert, insert.id(0));
    }

    private void insertRow(Insert insert, @Nullable Long id) throws SQLException {
        inserts.add(insert);
        String columns = id == null ? "" : "id, ";
        try (PreparedStatement statement = connection.prepareStatement("insert into posts (" + columns
                + "title, user_id) values (" + (id == null ? "" : id + ", ") + "?, ?) returning id")) {
            statement.setString(1, insert.title(0));
            statement.setObject(2, user(insert));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                insert.id(0, row.getLong(1));
            }
        }
    }

    /** Many rows by one statement. */
    void insertMany(int rows) throws SQLException {
        Insert insert = next(rows).sent();
        inserts.add(insert);
        try (PreparedStatement statement = connection.prepareStatement("insert into posts (title, user_id)"
                + " select ? || row, ? from generate_series(0, ? - 1) row returning id, title")) {
            statement.setString(1, insert.prefix());
            statement.setObject(2, user(insert), java.sql.Types.BIGINT);
            statement.setInt(3, rows);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String title = row.getString(2);
                    insert.id(Integer.parseInt(title.substring(insert.prefix().length())), row.getLong(1));
                }
            }
        }
    }

    /** Deletes a post that this transaction has inserted, so that nobody else ever sees it. */
    void delete(Insert insert) throws SQLException {
        run("delete from posts where id = " + insert.id(0));
        inserts.remove(insert);
        undone.add(insert);
    }

    private Insert next(int rows) {
        return history.next(random, writer, how, rows);
    }

    private static @Nullable Long user(Insert insert) {
        return insert.user() == 0 ? null : insert.user();
    }

    int size() {
        return inserts.size();
    }

    Savepoint savepoint() throws SQLException {
        return connection.setSavepoint();
    }

    /** @param size how many inserts there were at the savepoint */
    void rollback(Savepoint savepoint, int size) throws SQLException {
        connection.rollback(savepoint);
        List<Insert> since = inserts.subList(size, inserts.size());
        undone.addAll(since);
        since.clear();
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Commits, and notes what came of it. */
    void commit() {
        inserts.forEach(Insert::commitSent);
        try {
            connection.commit();
            end(Insert.Outcome.ACKNOWLEDGED);
        } catch (SQLException e) {
            end(Insert.Outcome.UNKNOWN);
        }
    }

    /** Just before the statement that commits a transaction prepared before. */
    void commitSent() {
        inserts.forEach(Insert::commitSent);
    }

    /** Notes the end of a transaction that anybody else has brought about, or the server. */
    void end(Insert.Outcome outcome) {
        undone.forEach(insert -> insert.end(Insert.Outcome.FAILED));
        inserts.forEach(insert -> insert.end(outcome));
        undone.forEach(history::add);
        inserts.forEach(history::add);
        undone.clear();
        inserts.clear();
    }
}
