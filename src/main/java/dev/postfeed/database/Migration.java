package dev.postfeed.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;

/**
 * One node at a time. Liquibase makes its own table while it reads the change log, before it takes its lock, so that
 * two nodes that start at once on an empty database would both make it, and one fail. The lock here is PostgreSQL's:
 * it ends with the transaction, or the process, that holds it, and who waits goes on at once.
 */
final class Migration extends SpringLiquibase {

    /** "Postfeed" in ASCII: the same on all nodes, and nobody else's. */
    private static final long LOCK = 0x506f737466656564L;

    @Override
    public void afterPropertiesSet() throws LiquibaseException {
        try (Connection connection = getDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set local lock_timeout = '5min'");
            statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
            super.afterPropertiesSet();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
