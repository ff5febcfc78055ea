package dev.postfeed.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import liquibase.Liquibase;
import liquibase.exception.DatabaseException;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;

/**
 * One node at a time. Liquibase's own lock does not do: it makes its tables before it takes the lock, so that of two
 * nodes that start at once on an empty database one fails; and the lock is a row, which a killed node leaves behind
 * (liquibase #1311). This one is an advisory lock of PostgreSQL's: it ends with the connection of its holder, and who
 * waits goes on at once.
 */
final class Migration extends SpringLiquibase {

    /** "Postfeed" in ASCII: the same on all nodes, and nobody else's. */
    private static final long LOCK = 0x506f737466656564L;

    /**
     * Each time, since it can be altered later. A session that draws ids ahead, or by steps, would write posts that the
     * feed takes for long gone.
     */
    private static final String CHECK_SEQUENCES = """
            do $$
            declare
                wrong record;
            begin
                select pg_get_serial_sequence(t, 'id') as name, s.seqincrement, s.seqcache, s.seqcycle into wrong
                from unnest(array['users', 'posts']) t
                join pg_sequence s on s.seqrelid = pg_get_serial_sequence(t, 'id')::regclass
                where s.seqincrement <> 1 or s.seqcache <> 1 or s.seqcycle;
                if found then
                    raise exception using errcode = 'invalid_schema_name', message = format(
                        'the sequence %1$s has increment %2$s, cache %3$s%4$s, and must have increment 1, cache 1, no cycle, '
                        'or the feed would miss posts: alter sequence %1$s increment by 1 cache 1 no cycle',
                        wrong.name, wrong.seqincrement, wrong.seqcache, case when wrong.seqcycle then ', cycle' end);
                end if;
            end
            $$""";

    @Override
    public void afterPropertiesSet() throws LiquibaseException {
        try (Connection connection = getDataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set lock_timeout = '5min'");
            statement.execute("select pg_advisory_lock(" + LOCK + ")");
            AppliedChanges applied = new AppliedChanges(statement);
            if (!applied.areAll()) {
                super.afterPropertiesSet();
                applied.remember();
            }
            statement.execute(CHECK_SEQUENCES);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    @Override
    protected void performUpdate(Liquibase liquibase) throws LiquibaseException {
        // A row that another Postfeed made is of a dead one: a living one would hold the lock above.
        liquibase.forceReleaseLocks();
        super.performUpdate(liquibase);
    }
}
