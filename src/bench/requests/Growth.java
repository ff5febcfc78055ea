import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What requests and the feed cost as the posts, the subscribers and the payloads grow. */
final class Growth {

    private static final int CONNECTIONS = 32;
    private static final int USERS = 10_000;
    private static final int FEW = 100;
    private static final double DELIVERIES_PER_SECOND = 20_000;
    private static final double DELIVERED_BYTES_PER_SECOND = 100e6;
    private static final long PAYLOAD_BYTES = 100_000_000;

    private final Service node;
    private final Proc postgres;
    private final String database;
    private final Path scripts;
    private final int seconds;
    private long next = 1;
    private long wrong;

    private Growth(Service node, Proc postgres, String database, Path scripts, int seconds) {
        this.node = node;
        this.postgres = postgres;
        this.database = database;
        this.scripts = scripts;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        Service node = new Service("Postfeed", options.uri("node-a"), new Proc(options.pid("pid-a")));
        Growth growth = new Growth(
                node,
                new Proc(options.pid("pid-postgres")),
                options.text("database"),
                Path.of(options.text("scripts")),
                options.number("seconds", 8));
        int warmUp = options.number("warm-up", 60);
        int[] posts = numbers(options.text("posts", "10000,1000000,10000000"));
        int[] subscribers = numbers(options.text("subscribers", "100,1000,10000"));
        int[] payloads = numbers(options.text("payloads", "100,10000,1000000"));
        options.end();

        header();
        int before = 0;
        for (int count : posts) {
            Wrk.Data data = growth.filled("rows.sql", "posts", count, count - before, "users", USERS);
            List<Wrk> requests = Wrk.all(data, CONNECTIONS, "");
            Rounds.warmUp(List.of(node), requests, before == 0 ? warmUp : Math.min(warmUp, requests.size()));
            if (before == 0 && warmUp > 0) {
                growth.feed(FEW, DELIVERIES_PER_SECOND / FEW, warmUp / 2, Poster.CONTENT);
            }
            growth.row(String.format("%,d posts", count), requests, FEW, DELIVERIES_PER_SECOND / FEW, Poster.CONTENT);
            before = count;
        }
        for (int count : subscribers) {
            growth.row(
                    String.format("%,d subscribers", count),
                    List.of(),
                    count,
                    Math.max(1, DELIVERIES_PER_SECOND / count),
                    Poster.CONTENT);
        }
        for (int characters : payloads) {
            int rows = (int) Math.max(100, Math.min(10_000, PAYLOAD_BYTES / characters));
            Wrk.Data data = growth.filled("payload.sql", "rows", rows, rows, "characters", characters);
            double rate = Math.min(DELIVERIES_PER_SECOND, DELIVERED_BYTES_PER_SECOND / characters) / FEW;
            growth.row(
                    String.format("%,d bytes of content", characters),
                    Wrk.all(data, CONNECTIONS, "", characters),
                    FEW,
                    rate,
                    "x".repeat(characters));
        }
        Verdict.of(growth.wrong);
    }

    private static int[] numbers(String list) {
        return Stream.of(list.split(","))
                .filter(number -> !number.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    /** Runs a script that adds {@code added} posts; they are what is asked for then. */
    private Wrk.Data filled(String script, String name, int value, int added, String other, int otherValue)
            throws IOException, InterruptedException {
        long highest = Long.parseLong(psql("-c", "select coalesce(max(id), 0) from posts"));
        psql(
                "-v",
                name + "=" + value,
                "-v",
                other + "=" + otherValue,
                "-f",
                scripts.resolve(script).toString());
        String[] ids = psql("-c", "select min(id) || ' ' || max(id) from posts where id > " + highest)
                .split(" ");
        long first = Long.parseLong(ids[0]);
        // Posts of the rounds before count among those that rows.sql completes.
        return new Wrk.Data(scripts, first, (int) Math.min(added, Long.parseLong(ids[1]) - first + 1), USERS);
    }

    private String psql(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1"));
        command.addAll(List.of(arguments));
        command.add(database);
        return Command.run(command).strip();
    }

    private static void header() {
        List<Object> cells =
                new ArrayList<>(List.of("requests: each per second · CPU µs of the node + of PostgreSQL · p99 ms"));
        Wrk.all(new Wrk.Data(Path.of(""), 1, 1, 1), CONNECTIONS, "").forEach(wrk -> cells.add(wrk.name()));
        cells.add("feed: subscribers × posts/s");
        cells.add("CPU µs of the node a delivery · acknowledgement → receipt p50 · p99, ms");
        cells.add("RSS after, MB");
        System.out.println(Options.row(cells.toArray()));
        System.out.println(Options.row(cells.stream().map(cell -> "--:").toArray()));
    }

    private void row(String name, List<Wrk> requests, int subscribers, double rate, String content)
            throws IOException, InterruptedException {
        List<Object> cells = new ArrayList<>(List.of(name));
        // The feed first: what is inserted by requests grows the table.
        String feed = feed(subscribers, rate, Math.max(5, seconds), content);
        Rounds rounds = new Rounds(postgres);
        rounds.run(List.of(node), requests, 1, seconds);
        requests.forEach(wrk -> cells.add(Measurement.cell(rounds.of(node, wrk))));
        while (cells.size() <= Wrk.KINDS) {
            cells.add("–");
        }
        cells.add(String.format("%,d × %s", subscribers, rate < 1 ? String.format("%.1f", rate) : Math.round(rate)));
        cells.add(feed);
        cells.add(String.format("%.0f", node.process().familyPss() / 1e6));
        System.out.println(Options.row(cells.toArray()));
    }

    private String feed(int subscribers, double rate, int forSeconds, String content)
            throws IOException, InterruptedException {
        UnaryOperator<String> body = title -> HttpPoster.json(title, content);
        try (Crowd crowd = new Crowd(node.uri(), subscribers, next, body)) {
            next += crowd.paced(rate, 2).posts();
            long cpu = node.process().cpuMicros();
            Crowd.Load load = crowd.paced(rate, forSeconds);
            cpu = node.process().cpuMicros() - cpu;
            next += load.posts();
            wrong += crowd.wrong();
            Samples latencies = load.sinceAcknowledged();
            return String.format(
                    "%.1f · %s · %s", (double) cpu / latencies.size(), latencies.millis(50), latencies.millis(99));
        }
    }
}
