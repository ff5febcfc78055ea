package dev.postfeed.user;

import dev.postfeed.web.OnConflict;
import dev.postfeed.web.ProblemType;
import dev.postfeed.web.ReadSources;
import dev.postfeed.web.RowStatements;
import dev.postfeed.web.Times;
import dev.postfeed.web.WriteMode;
import dev.postfeed.web.Written;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Objects;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/**
 * Statements of many users. The ids are drawn first, in the order of the rows, because RETURNING tells no order; the
 * rows go in by their emails, so that two statements with the same emails wait for each other and do not deadlock.
 */
@Component
class UserStatements extends RowStatements<User, NewUser> {

    private static final String EMAIL = "email";

    /** Emails that are taken, by a user that is there or by an earlier row, are refused or, for IGNORE, looked up. */
    private static final String INSERT = """
            with given as materialized (
                select g.n, g.email, u.id as there, u.created_at, coalesce(u.name, g.name) as name,
                    row_number() over (partition by g.email order by g.n) as nth,
                    $4::text = 'FAIL'
                        and (u.id is not null or row_number() over (partition by g.email order by g.n) > 1) as taken
                from (select case when $3::text = 'TOGETHER' then set_config('lock_timeout', $5, true) end) patience
                cross join unnest($1::text[], $2::text[]) with ordinality as g (name, email, n)
                left join users u on u.email = g.email
            ), drawn as materialized (
                select nextval((select pg_get_serial_sequence('users', 'id')::regclass)) as id, good.*
                from (
                    select n, name, email from given
                    where there is null and nth = 1 and n < coalesce((
                        select min(case $3::text when 'ALL' then 0 else n end)
                        from given where taken and $3::text not in ('LENIENT', 'TOGETHER')), 9223372036854775807)
                    order by n) good
            ), stored as (
                insert into users (id, name, email)
                select id, name, email from drawn order by email collate "C"
                returning id, created_at
            )
            select given.taken, coalesce(given.there, drawn.id) as id, coalesce(drawn.name, given.name) as name,
                given.email, coalesce(given.created_at, stored.created_at) as created_at,
                given.there is null and given.nth = 1 as created
            from given left join drawn on drawn.email = given.email left join stored on stored.id = drawn.id
            order by given.n""";

    /**
     * Users that are there are locked before anything is written: the name cannot go to one who is deleted, or whose
     * email is changed, meanwhile. Each row answers with its own name; the last one's stays.
     */
    private static final String MERGE = """
            with given as materialized (
                select g.*, row_number() over (partition by g.email order by g.n) as nth,
                    row_number() over (partition by g.email order by g.n desc) as nth_last
                from unnest($1::text[], $2::text[]) with ordinality as g (name, email, n)
            ), there as materialized (
                select id, email, created_at from users where email = any ($2::text[])
                order by email collate "C" for no key update
            ), drawn as materialized (
                select nextval((select pg_get_serial_sequence('users', 'id')::regclass)) as id, good.*
                from (
                    select n, email from given
                    where nth = 1 and not exists (select from there where there.email = given.email)
                    order by n) good
            ), stored as (
                insert into users (id, name, email)
                select drawn.id, last.name, drawn.email
                from drawn join given last on last.email = drawn.email and last.nth_last = 1
                order by drawn.email collate "C"
                returning id, created_at
            ), renamed as (
                update users set name = last.name
                from there join given last on last.email = there.email and last.nth_last = 1
                where users.id = there.id
            )
            select false as taken, coalesce(there.id, drawn.id) as id, given.name, given.email,
                coalesce(there.created_at, stored.created_at) as created_at,
                there.id is null and given.nth = 1 as created
            from given left join there on there.email = given.email
                left join drawn on drawn.email = given.email left join stored on stored.id = drawn.id
            order by given.n""";

    private static final String READ = "select id, name, email, created_at from users where id = any ($1)";

    UserStatements(DatabaseClient database, ReadSources sources) {
        super(database, sources);
    }

    @Override
    public String conflictColumn() {
        return EMAIL;
    }

    @Override
    protected Statement read(Connection connection, Long[] ids) {
        return connection.createStatement(READ).bind(0, ids);
    }

    @Override
    protected User row(Readable row) {
        return new User(row.get("id", Long.class), text(row, "name"), text(row, EMAIL), Times.get(row, "created_at"));
    }

    @Override
    protected Statement write(Connection connection, List<NewUser> users, WriteMode mode, OnConflict onConflict) {
        boolean merge = onConflict == OnConflict.MERGE;
        Statement statement = connection
                .createStatement(merge ? MERGE : INSERT)
                .bind(0, users.stream().map(NewUser::name).toArray(String[]::new))
                .bind(1, users.stream().map(NewUser::email).toArray(String[]::new));
        return merge
                ? statement
                : statement.bind(2, mode.name()).bind(3, onConflict.name()).bind(4, LOCK_TIMEOUT);
    }

    @Override
    protected int weight(NewUser user) {
        return user.name().length() + user.email().length();
    }

    @Override
    protected Written<User> written(Readable row, List<NewUser> users) {
        if (is(row, "taken")) {
            return Written.refused(ProblemType.EMAIL_TAKEN, "/email", "is taken by another user");
        }
        return row.get("id", Long.class) == null ? Written.leftOut() : Written.stored(row(row), is(row, "created"));
    }

    private static boolean is(Readable row, String column) {
        return Boolean.TRUE.equals(row.get(column, Boolean.class));
    }

    private static String text(Readable row, String column) {
        return Objects.requireNonNull(row.get(column, String.class));
    }
}
