package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a start makes of the database that it finds. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class MigrationIntegrationTests {

    static final List<String> CHANGES = List.of(
            "adopt-posts",
            "adopt-users",
            "create-feed-timelines",
            "create-idempotency-keys",
            "create-idempotency-lines",
            "create-posts",
            "create-users",
            "index-posts-by-time",
            "index-posts-by-user",
            "index-users-by-time",
            "refuse-foreign-tables");

    @Test
    void setsUpAnEmptyDatabase() throws Exception {
        TestDatabase database = TestDatabase.empty();
        database.migrate();
        assertSchema(database);
        assertThat(database.ask("insert into users (name, email) values ('Ada', 'ada@example.com') returning id"))
                .isEqualTo("1");
    }

    @Test
    void keepsEveryRowOfATableThatSqlAlchemyMade() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        database.execute(
                "insert into users (name, email) values ('Ada', 'ada@example.com'), ('Bob', 'bob@example.com')",
                "insert into posts (title, content, user_id) values ('One', 'ä\n€', 1), ('Two', null, null), ('Three', '', 2)");
        database.migrate();
        assertSchema(database);
        assertThat(database.rows("select id, name, email from users order by id"))
                .containsExactly("1 Ada ada@example.com", "2 Bob bob@example.com");
        assertThat(database.rows(
                        "select id, title, coalesce(content, '-'), coalesce(user_id, 0) from posts order by id"))
                .containsExactly("1 One ä\n€ 1", "2 Two - 0", "3 Three  2");
        assertThat(database.ask("select count(*) from posts where created_at is null"))
                .isEqualTo("0");
        assertThat(insertUser(database, "cleo")).isEqualTo("3");
        assertThat(insertPost(database)).isEqualTo("4");
    }

    @Test
    void letsASqlAlchemyProgramGoOnWriting() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        insertUser(database, "ada");
        database.migrate();
        // psycopg2's dialect may ask for the next id by the name of the sequence.
        assertThat(database.ask("select nextval('users_id_seq'), nextval('posts_id_seq')"))
                .isEqualTo("2 1");
        database.execute("insert into posts (id, title, user_id) values (17, 'with an id of its own', 1)");
        assertThat(insertUser(database, "bob")).isEqualTo("3");
        assertThatThrownBy(() -> insertUser(database, "bob"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("users_email_key");
    }

    @Test
    void goesOnAboveRowsThatAreAheadOfTheirSequence() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        database.execute(
                "insert into users (id, name, email) values (40, 'Ada', 'ada@example.com')",
                "insert into posts (id, title) values (41, 'One')");
        database.migrate();
        assertThat(insertUser(database, "bob")).isEqualTo("41");
        assertThat(insertPost(database)).isEqualTo("42");
    }

    /** An id that was given away once is not given away again: a feed that has seen it would miss the new post. */
    @Test
    void goesOnAfterASequenceThatIsFarAheadOfItsRows() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        insertUser(database, "ada");
        database.execute("select setval('users_id_seq', 5000)", "select setval('posts_id_seq', 2000000000)");
        database.migrate();
        assertThat(insertUser(database, "bob")).isEqualTo("5001");
        assertThat(insertPost(database)).isEqualTo("2000000001");
    }

    @Test
    void keepsThePostsOfADeletedUser() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        insertUser(database, "ada");
        database.execute("insert into posts (title, user_id) values ('One', 1)");
        assertThatThrownBy(() -> database.execute("delete from users")).isInstanceOf(SQLException.class);
        database.migrate();
        database.execute("delete from users");
        assertThat(database.ask("select count(*) from posts where user_id is null"))
                .isEqualTo("1");
        assertThatThrownBy(() -> database.execute("insert into posts (title, user_id) values ('Two', 9)"))
                .hasMessageContaining("posts_user_id_fkey");
    }

    @Test
    void doesNothingAtTheSecondStart() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        insertUser(database, "ada");
        database.migrate();
        String files =
                "select relname, relfilenode from pg_class where relnamespace = 'public'::regnamespace order by 1";
        String changes = "select id, orderexecuted, dateexecuted, exectype from databasechangelog order by 2";
        List<String> filesBefore = database.rows(files);
        List<String> changesBefore = database.rows(changes);
        database.migrate();
        assertThat(database.rows(files)).isEqualTo(filesBefore);
        assertThat(database.rows(changes)).isEqualTo(changesBefore);
        assertThat(database.rows("select last_value, is_called from users_id_seq"))
                .containsExactly("2 f");
    }

    /** Liquibase makes its tables anew where it comes: it does not where there is nothing for it to do. */
    @Test
    void looksForChangesOnlyWhereSomethingIsAnother() throws Exception {
        String lockTable = "select count(*) from pg_tables where tablename = 'databasechangeloglock'";
        TestDatabase database = TestDatabase.empty();
        database.migrate();
        database.execute("drop table databasechangeloglock");
        database.migrate();
        assertThat(database.ask(lockTable)).isEqualTo("0");

        // As a version before did, which had other changes.
        database.execute("comment on table databasechangelog is 'Postfeed has applied others'");
        database.migrate();
        assertThat(database.ask(lockTable)).isEqualTo("1");
        database.execute("drop table databasechangeloglock");
        database.migrate();
        assertThat(database.ask(lockTable)).isEqualTo("0");

        database.execute("update databasechangelog set exectype = 'RERAN' where id = 'create-users'");
        database.migrate();
        assertThat(database.ask(lockTable)).isEqualTo("1");
    }

    @Test
    void looksAgainWhereItMayNotComment() throws Exception {
        TestDatabase database = TestDatabase.empty();
        database.migrate();
        database.execute(
                "comment on table databasechangelog is null",
                "create role no_owner login",
                "grant all on all tables in schema public to no_owner",
                "grant all on all sequences in schema public to no_owner");
        try {
            new TestDatabase(database.url().replace("postgres@", "no_owner@")).migrate();
        } finally {
            database.execute("drop owned by no_owner", "drop role no_owner");
        }
        assertThat(database.ask("select obj_description('databasechangelog'::regclass, 'pg_class') is null"))
                .isEqualTo("t");
    }

    @Test
    void completesADatabaseThatHasOnlyUsers() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        insertUser(database, "ada");
        database.execute("drop table posts");
        database.migrate();
        assertSchema(database);
        assertThat(insertUser(database, "bob")).isEqualTo("2");
    }

    @Test
    void refusesIdsThatAreNotDrawnOneByOne(CapturedOutput output) throws Exception {
        TestDatabase database = TestDatabase.empty();
        database.migrate();
        database.execute("alter sequence posts_id_seq cache 20");
        assertThat(StartFailures.line(output, database.settings()))
                .isEqualTo("DATABASE_URL=" + database.url()
                        + " (dbname): the sequence public.posts_id_seq has increment 1, cache 20, and must have increment 1, cache 1, no cycle, or the feed would miss posts:"
                        + " alter sequence public.posts_id_seq increment by 1 cache 1 no cycle");
        database.execute("alter sequence public.posts_id_seq increment by 1 cache 1 no cycle");
        database.migrate();
    }

    @Test
    void refusesATableOfSomebodyElseAndLeavesItAlone(CapturedOutput output) throws Exception {
        TestDatabase database = TestDatabase.empty();
        database.execute(
                "create table users (id serial primary key, login text, pin text)",
                "insert into users (login, pin) values ('ada', '1234')");
        assertThat(StartFailures.lineBesideLiquibase(output, database.settings()))
                .isEqualTo(
                        "DATABASE_URL=" + database.url() + " (dbname): this database has a table users or posts that is"
                                + " neither Postfeed's nor of SQLAlchemy's models (users.email, users.name): give Postfeed another database or schema in"
                                + " DATABASE_URL");
        assertThat(database.rows("select * from users")).containsExactly("1 ada 1234");
        assertThat(database.rows("select tablename from pg_tables where schemaname = 'public'"))
                .doesNotContain("posts");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            alter table users drop constraint users_email_key              | users.email, which is not unique
            alter table users alter name drop not null                     | users.name
            alter table posts alter id drop default                        | posts.id
            alter table posts drop constraint posts_user_id_fkey, alter user_id type text | posts.user_id
            alter table posts add created_at date                          | posts.created_at
            """)
    void refusesTablesThatAreNearlyButNotQuiteOurs(String change, String wrong, CapturedOutput output)
            throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        database.execute(change);
        assertThat(StartFailures.lineBesideLiquibase(output, database.settings()))
                .contains(" models (" + wrong + "): give Postfeed another database");
        assertThat(database.ask("select count(*) from information_schema.columns where is_identity = 'YES'"))
                .isEqualTo("0");
    }

    @Test
    void adoptsTablesThatHaveTheirOwnCreatedAt() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        database.execute(
                "alter table users add created_at timestamptz",
                "insert into users (name, email, created_at) values ('Ada', 'ada@example.com', '2020-01-01Z'),"
                        + " ('Bob', 'bob@example.com', null)");
        database.migrate();
        assertSchema(database);
        assertThat(database.ask("select count(*) from users where created_at = '2020-01-01Z'"))
                .isEqualTo("1");
        assertThat(database.ask("select count(*) from users where created_at is null"))
                .isEqualTo("0");
    }

    @Test
    @Covers(Fault.STARTS_AT_ONCE)
    void isNotHeldUpByTheLockRowOfAKilledNode() throws Exception {
        TestDatabase database = TestDatabase.empty();
        database.execute(
                "create table databasechangeloglock (id integer not null, locked boolean not null,"
                        + " lockgranted timestamp, lockedby varchar(255), primary key (id))",
                "insert into databasechangeloglock values (1, true, now(), 'a node that was killed')");
        database.migrate();
        assertSchema(database);
    }

    static void assertSchema(TestDatabase database) throws SQLException {
        assertThat(database.columns("users"))
                .containsExactly(
                        "created_at timestamp with time zone NO NO",
                        "email text NO NO",
                        "id bigint NO YES",
                        "name text NO NO");
        assertThat(database.columns("posts"))
                .containsExactly(
                        "content text YES NO",
                        "created_at timestamp with time zone NO NO",
                        "id bigint NO YES",
                        "title text NO NO",
                        "user_id bigint YES NO");
        assertThat(database.rows("select conname, confdeltype from pg_constraint where contype = 'f' order by 1"))
                .containsExactly("idempotency_lines_key_fkey c", "posts_user_id_fkey n");
        assertThat(database.rows(
                        "select sequencename, increment_by, cache_size, data_type from pg_sequences order by 1"))
                .containsExactly("posts_id_seq 1 1 bigint", "users_id_seq 1 1 bigint");
        assertThat(database.rows("select indexname from pg_indexes where tablename in ('users', 'posts') order by 1"))
                .containsExactly(
                        "posts_created_at_id_idx",
                        "posts_pkey",
                        "posts_user_id_id_idx",
                        "users_created_at_id_idx",
                        "users_email_key",
                        "users_pkey");
        assertThat(database.changes()).isEqualTo(CHANGES);
    }

    private static String insertUser(TestDatabase database, String name) throws SQLException {
        return database.ask(
                "insert into users (name, email) values ('%s', '%s@example.com') returning id".formatted(name, name));
    }

    private static String insertPost(TestDatabase database) throws SQLException {
        return database.ask("insert into posts (title) values ('next') returning id");
    }
}
