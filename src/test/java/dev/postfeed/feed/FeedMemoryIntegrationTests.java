package dev.postfeed.feed;

import static dev.postfeed.feed.Subscribers.ids;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.ProcessMemory;
import dev.postfeed.Sql;
import dev.postfeed.TestPostgres;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service with 192 MB, and subscribers that never read. */
@Covers(Fault.SUBSCRIBER_STUCK)
class FeedMemoryIntegrationTests {

    private static final int CLIENTS = 100;
    private static final long MEGABYTE = 1024 * 1024;

    /** A chunk that waits and one that is being written, and the log. */
    private static final long MOST = 48 * MEGABYTE;

    @TempDir
    Path directory;

    @Test
    void whoNeverReadsCostsNeitherMemoryNorTheOthersTheirEvents() throws Exception {
        String database = TestPostgres.newDatabase();
        try (PostfeedProcess postfeed = PostfeedProcess.start(
                        directory,
                        Map.of(
                                "DATABASE_URL",
                                database,
                                "POSTFEED_FEED_RING_EVENTS",
                                "256",
                                "POSTFEED_FEED_RING_SIZE",
                                "1MB"));
                Subscribers subscribers = new Subscribers(postfeed.awaitReady())) {
            Sql sql = new Sql(database);
            FeedClient reader = subscribers.follow("");
            for (int i = 0; i < CLIENTS; i++) {
                subscribers.openNarrow(i % 2 == 0 ? "" : "?title=like.p*");
            }
            long before = ProcessMemory.heapInUse(postfeed);
            // Each of them would keep 100 MB.
            for (int i = 0; i < 250; i++) {
                sql.run("insert into posts (title, content) select 'post', repeat('x', 4000)"
                        + " from generate_series(1, 100)");
                assertThat(ids(reader, 100)).isSorted();
            }
            assertThat(ProcessMemory.heapInUse(postfeed) - before)
                    .as("more than the %s MB before", before / MEGABYTE)
                    .isLessThan(MOST);
            // Those that come later get all of it.
            FeedClient later = subscribers.open("?last_event_id=earliest");
            assertThat(ids(later, 25_000)).isSorted().doesNotHaveDuplicates();
            assertThat(ProcessMemory.heapInUse(postfeed) - before).isLessThan(MOST);
        }
    }
}
