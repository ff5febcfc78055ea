package dev.postfeed.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * Connections for Liquibase. The hosts are asked one after the other, each in its own time: the driver waits for ever for
 * one that takes a connection and says nothing, and never comes to the next.
 */
final class JdbcConnections extends AbstractDataSource {

    /** How long a server that has accepted a connection may take to let Liquibase in. */
    private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(5);

    private final List<DataSource> hosts;

    JdbcConnections(DatabaseUrl url) {
        hosts = url.eachHost().stream().map(JdbcConnections::host).toList();
    }

    private static DataSource host(DatabaseUrl url) {
        PGSimpleDataSource host = new PGSimpleDataSource();
        host.setUrl(url.jdbcUrl());
        host.setUser(url.username());
        host.setPassword(url.password());
        host.setLoginTimeout((int) url.connectTimeout().plus(LOGIN_TIMEOUT).toSeconds());
        return host;
    }

    /** To the first host that will do; fails as the last one did where none will. */
    @Override
    public Connection getConnection() throws SQLException {
        SQLException failure = new SQLException("no host");
        for (DataSource host : hosts) {
            try {
                return host.getConnection();
            } catch (SQLException e) {
                failure = e;
            }
        }
        throw failure;
    }

    @Override
    public Connection getConnection(String username, String password) {
        throw new UnsupportedOperationException("the user is that of the URL");
    }
}
