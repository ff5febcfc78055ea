import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * What the feed costs those who insert: rounds against a node without it and a node with it, alternating, on the same
 * database. Subscribers are there only while their round lasts: otherwise the node with the feed would work in the
 * rounds of the other one.
 */
final class Inserts {

    /** One way to run: a node, and how many follow its feed. */
    private record Variant(String name, URI url, Proc process, int subscribers, Result[] rounds) {}

    private record Result(double perSecond, double nodeMicros, double postgresMicros, long wrong) {}

    private final Proc postgres;
    private final int connections;
    private final AtomicLong next = new AtomicLong(1);

    private Inserts(Proc postgres, int connections) {
        this.postgres = postgres;
        this.connections = connections;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        URI off = options.uri("node-off");
        URI on = options.uri("node-on");
        Proc processOff = new Proc(options.pid("pid-off"));
        Proc processOn = new Proc(options.pid("pid-on"));
        Inserts inserts = new Inserts(new Proc(options.pid("pid-postgres")), options.number("connections", 16));
        int seconds = options.number("seconds", 10);
        int warmUp = options.number("warm-up", 60);
        int rounds = options.number("rounds", 5);
        options.end();

        List<Variant> variants = List.of(
                new Variant("feed off", off, processOff, 0, new Result[rounds]),
                new Variant("feed on, 1 subscriber", on, processOn, 1, new Result[rounds]),
                new Variant("feed on, 10 subscribers", on, processOn, 10, new Result[rounds]));
        inserts.run(variants.get(0), warmUp);
        inserts.run(variants.get(1), warmUp);
        List<Variant> order = new ArrayList<>(variants);
        for (int round = 0; round < rounds; round++) {
            for (Variant variant : order) {
                variant.rounds()[round] = inserts.run(variant, seconds);
            }
            // Forwards, then backwards: the table grows, and who comes later has the larger one.
            Collections.reverse(order);
        }
        Verdict.of(print(variants));
    }

    private Result run(Variant variant, int seconds) throws Exception {
        try (Streams streams = new Streams(variant.url(), variant.subscribers(), (number, nanos) -> {}).open();
                Posters posters = Posters.http(variant.url(), connections)) {
            long start = System.nanoTime();
            long end = start + seconds * 1_000_000_000L;
            long node = variant.process().cpuMicros();
            long database = postgres.familyCpuMicros();
            long first = next.get();
            insert(posters, end);
            long requests = next.get() - first;
            double elapsed = (System.nanoTime() - start) / 1e9;
            double nodeMicros = variant.process().cpuMicros() - node;
            double postgresMicros = postgres.familyCpuMicros() - database;
            long wrong = streams.wrongAfterWaiting(requests, (first + next.get() - 1) * requests / 2);
            return new Result(requests / elapsed, nodeMicros / requests, postgresMicros / requests, wrong);
        }
    }

    /** Each poster posts one post after the other; the posts are numbered on. */
    private void insert(Posters posters, long end) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(posters.all().size());
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (Poster poster : posters.all()) {
                ends.add(threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        poster.post(next.getAndIncrement());
                    }
                    return null;
                }));
            }
            for (Future<?> ended : ends) {
                ended.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** How many streams lost or repeated posts. */
    private static long print(List<Variant> variants) {
        System.out.println(Options.row(
                "inserts, medians of the rounds",
                "requests/s",
                "CPU of the node, µs/request",
                "CPU of PostgreSQL, µs/request",
                "requests/s against off, round by round: median (all)",
                "streams that lost or repeated"));
        System.out.println(Options.row("---", "--:", "--:", "--:", "--:", "--:"));
        Result[] off = variants.get(0).rounds();
        long total = 0;
        for (Variant variant : variants) {
            Result[] rounds = variant.rounds();
            double[] ratios = new double[rounds.length];
            List<String> all = new ArrayList<>();
            long wrong = 0;
            for (int i = 0; i < rounds.length; i++) {
                ratios[i] = rounds[i].perSecond() / off[i].perSecond();
                all.add(String.format("%.3f", ratios[i]));
                wrong += rounds[i].wrong();
            }
            System.out.println(Options.row(
                    variant.name(),
                    median(rounds, Result::perSecond),
                    median(rounds, Result::nodeMicros),
                    median(rounds, Result::postgresMicros),
                    String.format("%.3f (%s)", Samples.median(ratios), String.join(", ", all)),
                    wrong));
            total += wrong;
        }
        return total;
    }

    private static String median(Result[] rounds, ToDoubleFunction<Result> value) {
        return String.format(
                "%.0f", Samples.median(Arrays.stream(rounds).mapToDouble(value).toArray()));
    }
}
