package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postfeed.Api;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.SilentProxy;
import dev.postfeed.TestPostgres;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/** Two ways to one server, each of which can go silent, for two hosts. */
class WritableHostIntegrationTests {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final DatabaseUrl server = DatabaseUrl.parse(TestPostgres.newDatabase());
    private final ConnectionEras eras = new ConnectionEras();
    private SilentProxy first;
    private SilentProxy second;

    @TempDir
    Path directory;

    @BeforeEach
    void open() throws Exception {
        int port = server.hosts().get(0).port();
        first = new SilentProxy(port);
        second = new SilentProxy(port);
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void aSilentHostCostsNothingThoughItStandsFirst() throws Exception {
        first.silence(true);
        DatabaseHosts hosts = hosts();
        ConnectionFactory connections = hosts.connections(UnaryOperator.identity());
        long begun = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            open(connections);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
        hosts.destroy();
    }

    @Test
    void aHostThatFallsSilentIsLeftThoughNobodyOpensAConnection() throws Exception {
        first.silence(true);
        DatabaseHosts hosts = hosts();
        ConnectionFactory connections = hosts.connections(UnaryOperator.identity());
        open(connections);
        Thread.sleep(1500); // The watch has a connection by the second way.
        ConnectionEra era = eras.current();
        Thread.sleep(2500);
        assertThat(era.isOver()).isFalse();

        first.silence(false);
        second.silence(true);
        second.cut();
        await().atMost(Duration.ofSeconds(5)).until(era::isOver);
        long begun = System.nanoTime();
        open(connections);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
        hosts.destroy();
    }

    @Test
    void aHostThatWasAwayForAMomentEndsNothing() throws Exception {
        first.silence(true);
        DatabaseHosts hosts = hosts();
        ConnectionFactory connections = hosts.connections(UnaryOperator.identity());
        open(connections);
        ConnectionEra era = eras.current();
        Thread.sleep(1500);
        second.cut();
        Thread.sleep(5000);
        open(connections);
        assertThat(era.isOver()).isFalse();
        hosts.destroy();
    }

    @ParameterizedTest
    @ValueSource(strings = {"silent", "dead"})
    void aNodeStartsThoughTheFirstHostIs(String what) {
        first.silence(true);
        if (what.equals("dead")) {
            first.close();
        }
        try (PostfeedProcess node = PostfeedProcess.start(directory, Map.of("DATABASE_URL", url()))) {
            new Api(node.client()).get("/posts").expect(200);
        }
    }

    private DatabaseHosts hosts() {
        return new DatabaseHosts(DatabaseUrl.parse(url()), UnaryOperator.identity(), eras);
    }

    private String url() {
        return "postgresql://postgres@127.0.0.1:%d,127.0.0.1:%d/%s"
                .formatted(first.port(), second.port(), server.database());
    }

    private static void open(ConnectionFactory connections) {
        Mono.usingWhen(connections.create(), Mono::just, Connection::close).block(LONG);
    }
}
