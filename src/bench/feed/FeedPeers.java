import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** The feed against others that push events, in alternating rounds; subscribers are there only while their round lasts. */
final class FeedPeers {

    private static final int DELIVERIES_PER_SECOND = 20_000;
    private static final int FEW = 500;
    private static final int SETTLE_SECONDS = 5;
    private static final double KILOBYTE = 1024;

    private static final Map<String, String> NAMES = Map.of(
            "postfeed", "Postfeed",
            "nchan", "nginx, nchan (publishing, no database)",
            "webflux", "WebFlux, a Flux of events each (of one process)");

    /** Of a round; latencies are nanoseconds. */
    private record Result(
            double perSecond,
            double cpuMicros,
            double acknowledgedP50,
            double acknowledgedP99,
            double dueP99,
            double memory,
            long wrong) {}

    private final Map<Service, List<Result>> results = new LinkedHashMap<>();
    private final int subscribers;
    private final double rate;
    private long next = 1;

    private FeedPeers(int subscribers, double rate) {
        this.subscribers = subscribers;
        this.rate = rate;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        List<String> names = List.of(options.text("services").split(","));
        List<Service> services = new ArrayList<>();
        for (String name : names) {
            services.add(new Service(name, options.uri("node-" + name), new Proc(options.pid("pid-" + name))));
        }
        int subscribers = options.number("subscribers", 5000);
        double rate = options.number("rate", Math.max(1, DELIVERIES_PER_SECOND / Math.max(1, subscribers)));
        int rounds = options.number("rounds", 3);
        int seconds = options.number("seconds", 20);
        int warmUp = options.number("warm-up", 60);
        options.end();

        FeedPeers feeds = new FeedPeers(subscribers, rate);
        for (Service service : services) {
            feeds.warmUp(service, service.name().equals("nchan") ? Math.min(1, warmUp) : warmUp);
        }
        for (int round = 0; round < rounds; round++) {
            for (Service service : services) {
                feeds.results.computeIfAbsent(service, key -> new ArrayList<>()).add(feeds.round(service, seconds));
            }
            System.err.printf("feed: round %d of %d%n", round + 1, rounds);
            Collections.reverse(services);
        }
        feeds.print();
        System.out.println();
        feeds.budgets();
        Verdict.of(feeds.of("postfeed").stream().mapToLong(Result::wrong).max().orElse(0));
    }

    private void warmUp(Service service, int seconds) throws IOException, InterruptedException {
        if (seconds > 0) {
            int few = Math.min(FEW, subscribers);
            try (Crowd crowd = new Crowd(service.uri(), few, next, body(service))) {
                next += crowd.paced((double) DELIVERIES_PER_SECOND / few, seconds)
                        .posts();
            }
            Thread.sleep(2000);
        }
    }

    private Result round(Service service, int seconds) throws IOException, InterruptedException {
        Proc process = service.process();
        long before = memory(service);
        try (Crowd crowd = new Crowd(service.uri(), subscribers, next, body(service))) {
            next += crowd.paced(rate, Math.min(SETTLE_SECONDS, seconds)).posts();
            long memory = memory(service) - before;
            long cpu = process.familyCpuMicros();
            Crowd.Load load = crowd.paced(rate, seconds);
            cpu = process.familyCpuMicros() - cpu;
            next += load.posts();
            Samples acknowledged = load.sinceAcknowledged();
            return new Result(
                    (double) acknowledged.size() / seconds,
                    (double) cpu / acknowledged.size(),
                    acknowledged.percentile(50),
                    acknowledged.percentile(99),
                    load.sinceDue().percentile(99),
                    memory / KILOBYTE / subscribers,
                    crowd.wrong());
        }
    }

    /** A JVM's after a full collection: what it had before it collected is not the subscribers'. */
    private static long memory(Service service) throws IOException, InterruptedException {
        return service.name().equals("nchan")
                ? service.process().familyPss()
                : service.process().heapAfterCollection();
    }

    /** What nchan is given is what it passes on. */
    private static UnaryOperator<String> body(Service service) {
        return service.name().equals("nchan") ? HttpPoster::stored : title -> HttpPoster.json(title, Poster.CONTENT);
    }

    private void print() {
        System.out.println(Options.row(
                String.format("%,d subscribers, %.0f posts/s, medians of the rounds", subscribers, rate),
                "deliveries/s",
                "CPU of the service, µs/delivery",
                "acknowledgement → receipt, p50 · p99, ms",
                "due → receipt, p99, ms",
                "memory, KB a subscriber",
                "wrong streams"));
        System.out.println(Options.row("---", "--:", "--:", "--:", "--:", "--:", "--:"));
        results.forEach((service, rounds) -> System.out.println(Options.row(
                NAMES.get(service.name()),
                String.format("%,.0f", median(rounds, Result::perSecond)),
                String.format("%.1f", median(rounds, Result::cpuMicros)),
                Samples.toMillis((long) median(rounds, Result::acknowledgedP50)) + " · "
                        + Samples.toMillis((long) median(rounds, Result::acknowledgedP99)),
                Samples.toMillis((long) median(rounds, Result::dueP99)),
                String.format("%.1f", median(rounds, Result::memory)),
                rounds.stream().mapToLong(Result::wrong).max().orElse(0))));
        System.out.println();
        System.out.println(
                "Memory is the heap of a JVM after a full collection, and all of nginx's; not what the kernel keeps.");
    }

    private void budgets() {
        Budgets budgets = new Budgets();
        List<Result> postfeed = of("postfeed");
        List<Result> nchan = of("nchan");
        if (!nchan.isEmpty()) {
            budgets.atMost("CPU per delivery / nchan", " ×", ratio(postfeed, nchan, Result::cpuMicros), 1.0, 0.75);
            budgets.atMost("p99, due → receipt / nchan", " ×", ratio(postfeed, nchan, Result::dueP99), 1.0, 0.7);
        }
        budgets.atMost("memory a subscriber", " KB", median(postfeed, Result::memory), 20, 8);
        budgets.print();
    }

    private List<Result> of(String name) {
        return results.entrySet().stream()
                .filter(entry -> entry.getKey().name().equals(name))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(List.of());
    }

    private static double ratio(List<Result> results, List<Result> against, ToDoubleFunction<Result> value) {
        double[] ratios = new double[results.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = value.applyAsDouble(results.get(i)) / value.applyAsDouble(against.get(i));
        }
        return Samples.median(ratios);
    }

    private static double median(List<Result> rounds, ToDoubleFunction<Result> value) {
        return Samples.median(rounds.stream().mapToDouble(value).toArray());
    }
}
