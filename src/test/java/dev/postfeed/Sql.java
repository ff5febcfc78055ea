package dev.postfeed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Another program on the same database, which knows nothing of the service. */
public final class Sql {

    private final String url;

    /** @param url {@code postfeed.database.url} of the service */
    public Sql(String url) {
        this.url = url;
    }

    public void run(String sql, Object... values) {
        try (Connection connection = TestPostgres.connect(url);
                PreparedStatement statement = prepare(connection, sql, values)) {
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
        try (Connection connection = TestPostgres.connect(url);
                PreparedStatement statement = prepare(connection, sql, values);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many rows there are of both kinds. */
    public long rows() {
        return number("select (select count(*) from users) + (select count(*) from posts)");
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }
}
