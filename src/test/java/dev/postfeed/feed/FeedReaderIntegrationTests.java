package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.feed.FeedLog.Head;
import dev.postfeed.query.Probes;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;

/** A reader whose passes are made at once when it rings, and at no other time: whoever comes, its own ring is enough. */
@PostfeedTest
class FeedReaderIntegrationTests {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final FeedReader reader =
            new FeedReader(new FeedLog(16, 100_000), () -> true, () -> Probes.NONE, () -> {}, this::pass);

    private FeedConnection connection;
    private Sql sql;
    private int passes;

    @BeforeEach
    void connect(
            @Autowired @Qualifier("feedConnections") ConnectionFactory connections,
            @Value("${postfeed.database.url}") String url) {
        connection = FeedConnection.open(connections).block(PATIENCE);
        sql = new Sql(url);
    }

    @AfterEach
    void close() {
        connection.close().block(PATIENCE);
    }

    private void pass() {
        passes++;
        assertThat(reader.pass(connection).block(PATIENCE)).isTrue();
    }

    /** The pass is over before anybody can wait for its end. */
    @Test
    void whoComesHasAllThatWasCommittedAfterOnePass() {
        for (int come = 1; come <= 3; come++) {
            long id = Long.parseLong(sql.text("insert into posts (title) values ('a') returning id"));
            Head head = reader.fresh().block(PATIENCE);
            assertThat(head.position()).isEqualTo(new FeedPosition(id, IdRanges.NONE));
            assertThat(passes).isEqualTo(come);
        }
    }

    @Test
    void whoDoesNotWaitIsInNobodysWay() {
        reader.fresh().subscribe().dispose();
        assertThat(reader.fresh().block(PATIENCE)).isNotNull();
        assertThat(passes).isEqualTo(2);
    }
}
