package dev.postfeed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Another program on the same database, which knows nothing of the service. */
public final class Sql {

    /** One connection a database for the whole run: a new one for each statement takes longer than most tests. */
    private static final Map<String, Connection> CONNECTIONS = new ConcurrentHashMap<>();

    private final Connection connection;

    /** @param url {@code postfeed.database.url} of the service */
    public Sql(String url) {
        connection = CONNECTIONS.computeIfAbsent(url, Sql::connect);
    }

    private static Connection connect(String url) {
        try {
            return TestPostgres.connect(url);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public void run(String sql, Object... values) {
        try (PreparedStatement statement = prepare(sql, values)) {
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public long number(String sql, Object... values) {
        return Long.parseLong(text(sql, values));
    }

    /** The one value of the first row. */
    public String text(String sql, Object... values) {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first value of each row. */
    public List<String> column(String sql, Object... values) {
        List<String> column = new ArrayList<>();
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                column.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return column;
    }

    /** How many rows there are of both kinds. */
    public long rows() {
        return number("select (select count(*) from users) + (select count(*) from posts)");
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
