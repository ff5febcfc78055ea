package dev.postfeed.feed;

import dev.postfeed.PostfeedProcess;
import dev.postfeed.web.Await;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.test.web.reactive.server.WebTestClient;

/** A PostgreSQL that can be stopped and started, and two nodes of Postfeed on it, each at one address all the time. */
final class FeedCluster implements Closeable {

    static final int NODES = 2;

    private final Path directory;
    private final int port;
    private final Map<String, String> settings = new HashMap<>();
    private final List<Integer> nodePorts;
    private final List<PostfeedProcess> nodes = new ArrayList<>();
    private final @Nullable Failover failover;
    private @Nullable EmbeddedPostgres server;
    private int front;

    /**
     * @param directory for the data of PostgreSQL
     * @param settings of the nodes, further ones
     */
    FeedCluster(Path directory, Map<String, String> settings) throws IOException {
        this(directory, PostfeedProcess.freePort(), settings, null);
    }

    /**
     * @param port of PostgreSQL, which nobody listens at
     * @param settings of the nodes, {@code DATABASE_URL} among them where they do not go to it straight
     */
    FeedCluster(Path directory, int port, Map<String, String> settings) throws IOException {
        this(directory, port, settings, null);
    }

    /** @param failover whose servers are the database; closed with this */
    FeedCluster(Path directory, Map<String, String> settings, Failover failover) throws IOException {
        this(directory, PostfeedProcess.freePort(), settings, failover);
    }

    private FeedCluster(Path directory, int port, Map<String, String> settings, @Nullable Failover failover)
            throws IOException {
        this.directory = directory;
        this.port = port;
        this.failover = failover;
        this.settings.put(
                "DATABASE_URL",
                failover == null
                        ? "postgresql://postgres@127.0.0.1:" + port + "/postgres"
                        : failover.servers().url());
        this.settings.putAll(settings);
        int first = PostfeedProcess.freePort();
        int second = PostfeedProcess.freePort();
        while (second == first || second == port) {
            second = PostfeedProcess.freePort();
        }
        this.nodePorts = List.of(first, second);
        this.server = failover == null ? startServer() : null;
        nodePorts.forEach(nodePort -> nodes.add(startNode(nodePort)));
        nodes.forEach(PostfeedProcess::awaitReady);
    }

    private EmbeddedPostgres startServer() throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("max_prepared_transactions", "20")
                // The default of these tests loses what was acknowledged when the server crashes.
                .setServerConfig("synchronous_commit", "on")
                // So that what no commit has flushed is lost in a crash, the ids that were drawn among it.
                .setServerConfig("wal_writer_delay", "10s")
                .start();
    }

    private PostfeedProcess startNode(int nodePort) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("SERVER_PORT", Integer.toString(nodePort));
        environment.put("POSTFEED_FEED_HEARTBEAT", "1s");
        environment.put("POSTFEED_FEED_RING_EVENTS", "512");
        return PostfeedProcess.start(directory, environment);
    }

    /** Sends clients to a proxy from now on, whichever node they ask for. */
    void putBehind(int proxy) {
        front = proxy;
    }

    String url(int node) {
        return "http://127.0.0.1:" + port(node);
    }

    /** Where clients ask a node. */
    int port(int node) {
        return front == 0 ? nodePorts.get(node) : front;
    }

    List<Integer> nodePorts() {
        return nodePorts;
    }

    /** Whether an answer with this status may have no node behind it, or one without a database. */
    boolean isUnavailable(int status) {
        return status == 503 || front != 0 && status == 502;
    }

    PostfeedProcess node(int node) {
        return nodes.get(node);
    }

    /** A connection of a program that knows nothing of Postfeed. */
    Connection connect() throws SQLException {
        if (failover != null) {
            return failover.servers().connect();
        }
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + port
                        + "/postgres?ApplicationName=checker&connectTimeout=5&socketTimeout=30",
                "postgres",
                "");
    }

    /** Null where the database is one server. */
    @Nullable
    Failover failover() {
        return failover;
    }

    /** Stops the server in order, which ends every session, and starts it again. */
    void restartServer() throws IOException {
        Objects.requireNonNull(server).close();
        server = startServer();
    }

    /** Stops the server on the spot, so that it recovers from its log when it starts again. */
    void crashServer() throws IOException, InterruptedException {
        long pid = Long.parseLong(Files.readAllLines(directory.resolve("data/postmaster.pid"))
                .get(0)
                .strip());
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
        // That there is nothing to stop any more is what it says.
        logging.setLogLevel(EmbeddedPostgres.class.getName(), LogLevel.OFF);
        Objects.requireNonNull(server).close();
        logging.setLogLevel(EmbeddedPostgres.class.getName(), null);
        server = startServer();
    }

    /** Kills the process of a session, after which the server ends all others and recovers, as after a crash. */
    void crashSession(int backend) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-KILL", Integer.toString(backend)).start().waitFor();
    }

    /** A connection as soon as there is a server. */
    Connection awaitConnection() throws SQLException, InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try {
                return connect();
            } catch (SQLException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(2);
            }
        }
    }

    /** Kills a node, starts it again, and waits until it serves. */
    void restartNode(int node) {
        nodes.get(node).kill();
        startAgain(node);
    }

    /** As an upgrade does: stops a node, starts it again, waits until it is ready, and then the next. */
    void restartNodesInTurn() throws InterruptedException {
        for (int node = 0; node < NODES; node++) {
            nodes.get(node).stop();
            startAgain(node);
            WebTestClient client = nodes.get(node).client();
            Await.until(() -> client.get()
                    .uri("/actuator/health/readiness")
                    .exchange()
                    .returnResult(Void.class)
                    .getStatus()
                    .is2xxSuccessful());
        }
    }

    private void startAgain(int node) {
        nodes.set(node, startNode(nodePorts.get(node)));
        nodes.get(node).awaitReady();
    }

    void emptyTables() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("truncate posts, users");
        }
    }

    /** Ends a session of a node, any one of those with this application name; whether there was one. */
    boolean terminate(Random random, String applicationName) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            List<Integer> backends = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("select pid from pg_stat_activity where application_name = '"
                    + applicationName + "' order by pid")) {
                while (rows.next()) {
                    backends.add(rows.getInt(1));
                }
            }
            return !backends.isEmpty()
                    && statement.execute(
                            "select pg_terminate_backend(" + backends.get(random.nextInt(backends.size())) + ")");
        }
    }

    /** What a node printed last, but for the requests that failed while there was no server. */
    String output(int node) {
        List<String> lines = nodes.get(node)
                .output()
                .lines()
                .filter(line -> !line.contains(": database-unavailable, "))
                .toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    @Override
    public void close() throws IOException {
        nodes.forEach(PostfeedProcess::close);
        if (failover != null) {
            failover.close();
        }
        if (server != null) {
            server.close();
        }
    }
}
