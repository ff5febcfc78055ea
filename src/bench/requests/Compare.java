import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Two Postfeeds on one PostgreSQL, B against A, in pairs. */
final class Compare {

    private static final List<String> KINDS = List.of("by-id", "insert", "newest", "after", "idle", "out", "in");
    private static final int CONNECTIONS = 32;
    private static final int ROWS_IN = 100_000;

    private final Rounds rounds;
    private final Service a;
    private final Service b;

    private Compare(Rounds rounds, Service a, Service b) {
        this.rounds = rounds;
        this.a = a;
        this.b = b;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        Service a = new Service("A", options.uri("node-a"), new Proc(options.pid("pid-a")));
        Service b = new Service("B", options.uri("node-b"), new Proc(options.pid("pid-b")));
        Proc postgres = new Proc(options.pid("pid-postgres"));
        Path work = Path.of(options.text("work"));
        Wrk.Data data = new Wrk.Data(
                Path.of(options.text("scripts")),
                1,
                options.number("posts", 1_000_000),
                options.number("users", 10_000));
        int rounds = options.number("rounds", 5);
        int seconds = options.number("seconds", 8);
        int warmUp = options.number("warm-up", 60);
        Set<String> only = Set.of(options.text("only", String.join(",", KINDS)).split(","));
        options.end();
        if (!KINDS.containsAll(only)) {
            throw new IllegalArgumentException("--only: some of " + String.join(",", KINDS));
        }

        List<Wrk> busy = requests(only, data, CONNECTIONS, "");
        List<Wrk> idle = new ArrayList<>();
        if (only.contains("idle")) {
            Set<String> kinds = Set.of("by-id", "insert", "after");
            idle.addAll(requests(kinds, data, 1, ", 1 connection"));
            idle.addAll(requests(kinds, data, 4, ", 4 connections"));
        }
        List<Workload> streams = new ArrayList<>();
        if (only.contains("out")) {
            streams.add(new RowsOut("NDJSON out", data.posts()));
        }
        if (only.contains("in")) {
            streams.add(RowsIn.of("NDJSON in", ROWS_IN, data.users(), work));
        }

        List<Service> both = List.of(a, b);
        Compare compare = new Compare(new Rounds(postgres), a, b);
        Rounds.warmUp(both, busy.isEmpty() ? idle : busy, warmUp);
        Rounds.warmUp(both, streams, Math.min(1, warmUp));
        // Streams come last: they are what makes the table grow.
        compare.rounds.run(both, busy, rounds, seconds);
        compare.rounds.run(both, idle, rounds, Math.max(1, seconds / 3));
        compare.rounds.run(both, streams, rounds, seconds);
        List<Workload> all = new ArrayList<>(busy);
        all.addAll(idle);
        all.addAll(streams);
        compare.print(all);
    }

    private static List<Wrk> requests(Set<String> kinds, Wrk.Data data, int connections, String suffix) {
        return Wrk.all(data, connections, suffix).stream()
                .filter(wrk -> kinds.contains(wrk.kind()))
                .toList();
    }

    private void print(List<Workload> workloads) throws IOException {
        System.out.println(Options.row(
                "medians of the rounds",
                "A, per second",
                "B, per second",
                "B / A in pairs, median (least–most)",
                "CPU of A: service + PostgreSQL, µs each",
                "CPU of B",
                "latency of A, p50 · p99, ms",
                "latency of B"));
        System.out.println(Options.row("---", "--:", "--:", "--:", "--:", "--:", "--:", "--:"));
        for (Workload workload : workloads) {
            List<Measurement> ofA = rounds.of(a, workload);
            List<Measurement> ofB = rounds.of(b, workload);
            double[] ratios = rounds.ratios(b, a, workload);
            System.out.println(Options.row(
                    workload.name() + ", " + workload.unit(),
                    Measurement.perSecond(ofA),
                    Measurement.perSecond(ofB),
                    String.format(
                            "**%.2f** (%.2f–%.2f)",
                            Samples.median(ratios),
                            Arrays.stream(ratios).min().orElseThrow(),
                            Arrays.stream(ratios).max().orElseThrow()),
                    Measurement.cpu(ofA),
                    Measurement.cpu(ofB),
                    Measurement.latency(ofA),
                    Measurement.latency(ofB)));
        }
    }
}
