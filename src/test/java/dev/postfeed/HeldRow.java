package dev.postfeed;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** A user that another program has locked: whoever wants to change it waits until this is closed. */
public final class HeldRow implements AutoCloseable {

    private final Connection connection;

    public HeldRow(String url, long user) throws SQLException {
        connection = TestPostgres.connect(url);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select from users where id = " + user + " for update");
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
