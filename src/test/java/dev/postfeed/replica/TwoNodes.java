package dev.postfeed.replica;

import dev.postfeed.Api;
import dev.postfeed.Application;
import dev.postfeed.PrimaryAndStandby;
import dev.postfeed.PrimaryAndStandby.Replication;
import dev.postfeed.Scrape;
import dev.postfeed.SilentProxy;
import dev.postfeed.web.Await;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Two nodes on a primary, which read from its standby. */
final class TwoNodes implements AutoCloseable {

    static final Duration MAX_WAIT = Duration.ofMillis(150);

    private final PrimaryAndStandby servers;
    private final SilentProxy wayToReplica;
    private final List<ConfigurableApplicationContext> nodes;

    TwoNodes(Path directory, String... settings) throws IOException, SQLException, InterruptedException {
        servers = new PrimaryAndStandby(directory, Replication.ASYNCHRONOUS);
        wayToReplica = new SilentProxy(URI.create(servers.secondUrl()).getPort());
        String[] arguments = Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--postfeed.database.url=" + servers.firstUrl(),
                                "--postfeed.replica.url=postgresql://postgres@127.0.0.1:" + wayToReplica.port()
                                        + "/postgres",
                                "--postfeed.replica.max-wait=" + MAX_WAIT.toMillis() + "ms"),
                        Stream.of(settings))
                .toArray(String[]::new);
        nodes = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            nodes.add(SpringApplication.run(Application.class, arguments));
        }
        awaitReplica();
    }

    /** Waits until both nodes read from the replica. */
    void awaitReplica() throws InterruptedException {
        for (int node = 0; node < nodes.size(); node++) {
            ReplicaWatch watch = bean(node, ReplicaWatch.class);
            Await.until(watch::isRecent);
        }
    }

    <T> T bean(int node, Class<T> type) {
        return nodes.get(node).getBean(type);
    }

    String url(int node) {
        return url(nodes.get(node));
    }

    private static String url(ConfigurableApplicationContext node) {
        return "http://127.0.0.1:" + node.getEnvironment().getRequiredProperty("local.server.port");
    }

    int port(int node) {
        return URI.create(url(node)).getPort();
    }

    Api api(int node) {
        return api(nodes.get(node));
    }

    static Api api(ConfigurableApplicationContext node) {
        return new Api(WebTestClient.bindToServer()
                .baseUrl(url(node))
                .responseTimeout(Duration.ofSeconds(20))
                .build());
    }

    /** Of both nodes together. */
    double metric(String name, String... labels) {
        return IntStream.range(0, nodes.size())
                .mapToDouble(node -> Scrape.of(api(node)).sum(name, labels))
                .sum();
    }

    /** What the nodes have to the replica is lost, and nobody tells them. */
    void partFromReplica() {
        wayToReplica.silence(true);
        wayToReplica.cut();
    }

    /** New connections reach it again. */
    void joinReplica() {
        wayToReplica.silence(false);
    }

    PrimaryAndStandby servers() {
        return servers;
    }

    void onPrimary(String sql) throws SQLException {
        servers.run(sql);
    }

    void onStandby(String sql) throws SQLException {
        try (Connection connection = connectToStandby();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connectToStandby() throws SQLException {
        return DriverManager.getConnection("jdbc:" + servers.secondUrl().replace("postgres@", ""), "postgres", "");
    }

    /** From now on the standby shows nothing new. */
    void pause() throws SQLException, InterruptedException {
        onStandby("select pg_wal_replay_pause()");
        Await.until(() -> holdsOnStandby("select pg_get_wal_replay_pause_state() = 'paused'"));
    }

    /** For how long the standby lets a statement be in the way of what it replays. */
    void standbyWaits(String delay) throws SQLException {
        onStandby("alter system set max_standby_streaming_delay = '" + delay + "'");
        onStandby("select pg_reload_conf()");
    }

    boolean holdsOnStandby(String sql) {
        try (Connection connection = connectToStandby();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() && row.getBoolean(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void resume() throws SQLException {
        onStandby("select pg_wal_replay_resume()");
        servers.awaitCaughtUp();
    }

    @Override
    public void close() throws IOException {
        nodes.forEach(ConfigurableApplicationContext::close);
        wayToReplica.close();
        servers.close();
    }
}
