package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import liquibase.integration.spring.SpringLiquibase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.DefaultResourceLoader;

/** Several nodes that migrate one database, and one that dies at it. */
@Timeout(180)
class MigrationRaceIntegrationTests {

    private static final int NODES = 3;
    private static final ExecutorService THREADS = Executors.newFixedThreadPool(NODES);

    @TempDir
    Path directory;

    @AfterAll
    static void stopThreads() {
        THREADS.shutdownNow();
    }

    @RepeatedTest(3)
    @Covers(Fault.STARTS_AT_ONCE)
    void setsUpAnEmptyDatabaseOnceWhenSeveralNodesDoItAtOnce() throws Exception {
        migrateAtOnce(TestDatabase.empty());
    }

    @RepeatedTest(3)
    @Covers(Fault.STARTS_AT_ONCE)
    void adoptsADatabaseOnceWhenSeveralNodesDoItAtOnce() throws Exception {
        migrateAtOnce(TestDatabase.madeBySqlAlchemy());
    }

    private static void migrateAtOnce(TestDatabase database) throws Exception {
        CyclicBarrier together = new CyclicBarrier(NODES);
        List<Future<Object>> nodes = IntStream.range(0, NODES)
                .mapToObj(node -> THREADS.submit(() -> {
                    SpringLiquibase liquibase =
                            new DatabaseConfiguration().liquibase(DatabaseUrl.parse(database.url()));
                    liquibase.setResourceLoader(new DefaultResourceLoader());
                    together.await(10, TimeUnit.SECONDS);
                    liquibase.afterPropertiesSet();
                    return null;
                }))
                .toList();
        for (Future<Object> node : nodes) {
            node.get(60, TimeUnit.SECONDS);
        }
        MigrationIntegrationTests.assertSchema(database);
    }

    @Test
    @Covers(Fault.STARTS_AT_ONCE)
    void letsTwoNodesStartAtOnce() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        try (PostfeedProcess one = PostfeedProcess.start(directory, database.settings());
                PostfeedProcess two = PostfeedProcess.start(directory, database.settings())) {
            Users.write(one.client(), "one@example.com");
            Users.write(two.client(), "two@example.com");
            assertThat(Users.emails(one.client())).containsExactlyInAnyOrder("one@example.com", "two@example.com");
            MigrationIntegrationTests.assertSchema(database);
        }
    }

    @Test
    @Covers(Fault.STARTS_AT_ONCE)
    void migratesAfterANodeThatWasKilledWhileMigrating() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        database.execute("insert into users (name, email) values ('Ada', 'ada@example.com')");
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("lock table users in access exclusive mode");
            try (PostfeedProcess node = PostfeedProcess.start(directory, database.settings())) {
                await().atMost(Duration.ofSeconds(60)).until(() -> isWaitingForATable(database));
                node.kill();
            }
            writer.rollback();
        }
        try (PostfeedProcess node = PostfeedProcess.start(directory, database.settings())) {
            assertThat(Users.emails(node.client())).containsExactly("ada@example.com");
            MigrationIntegrationTests.assertSchema(database);
        }
    }

    @Test
    @Covers(Fault.CONNECTION_TERMINATED)
    void aStartWhoseConnectionIsEndedWhileMigratingSaysSoAndTheNextOneMigrates() throws Exception {
        TestDatabase database = TestDatabase.madeBySqlAlchemy();
        try (Connection writer = database.connect();
                Statement statement = writer.createStatement()) {
            writer.setAutoCommit(false);
            statement.execute("lock table users in access exclusive mode");
            try (PostfeedProcess node = PostfeedProcess.start(directory, database.settings())) {
                await().atMost(Duration.ofSeconds(60)).until(() -> isWaitingForATable(database));
                database.ask("select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock'"
                        + " and datname = current_database()");
                assertThat(node.awaitExit().lines())
                        .anyMatch(line -> line.startsWith("DATABASE_URL=")
                                && line.contains(": the database refuses the connection: "));
                assertThat(node.exitCode()).isNotZero();
            }
            writer.rollback();
        }
        try (PostfeedProcess node = PostfeedProcess.start(directory, database.settings())) {
            assertThat(Users.emails(node.client())).isEmpty();
            MigrationIntegrationTests.assertSchema(database);
        }
    }

    private static boolean isWaitingForATable(TestDatabase database) throws SQLException {
        return database.ask("select count(*) from pg_locks where not granted and locktype = 'relation'"
                        + " and database = (select oid from pg_database where datname = current_database())")
                .equals("1");
    }
}
