import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * What thousands of subscribers cost a node: memory each, CPU time per delivery, and how long a post takes to all of
 * them; paced, in bursts, and with some that never read.
 */
final class Fanout {

    private static final int WARM_UP_STREAMS = 100;
    private static final int WARM_UP_RATE = 40;
    private static final int POSTERS = 4;
    private static final int BURSTS = 3;
    private static final int PER_ARRAY = 40;
    private static final int SAMPLE_SECONDS = 5;
    private static final double KILOBYTE = 1024;
    private static final double MEGABYTE = 1024 * 1024;

    private final URI node;
    private final Proc process;
    private final int subscribers;
    private final int rate;
    private long wrong;

    private Fanout(URI node, Proc process, int subscribers, int rate) {
        this.node = node;
        this.process = process;
        this.subscribers = subscribers;
        this.rate = rate;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        URI node = options.uri("node-a");
        Proc process = new Proc(options.pid("pid-a"));
        int subscribers = options.number("subscribers", 5000);
        // 20,000 deliveries a second.
        int rate = options.number("rate", Math.max(1, 20_000 / Math.max(1, subscribers)));
        int seconds = options.number("seconds", 20);
        int warmUp = options.number("warm-up", 60);
        int arrays = options.number("arrays", 25);
        int silent = options.number("silent", 0);
        options.end();

        Fanout fanout = new Fanout(node, process, subscribers, rate);
        try (Crowd crowd = fanout.open(Math.max(1, warmUp / 2))) {
            crowd.paced(rate, warmUp);
            header();
            fanout.paced(crowd, subscribers + " that read", seconds);
            fanout.bursts(crowd, "bursts to " + subscribers + " that read", arrays);
            if (silent > 0) {
                try (Streams streams = Streams.silent(node, silent).open()) {
                    // Fills what the kernel keeps for those that do not read.
                    fanout.bursts(crowd, "bursts, and " + silent + " that never read", Math.max(1, arrays));
                    fanout.paced(crowd, "the same, paced", seconds);
                }
            }
        }
        Verdict.of(fanout.wrong);
    }

    /** Warms the node up with few streams, then opens all; prints what they take. */
    private Crowd open(int warmUpSeconds) throws Exception {
        long next;
        try (Streams streams = new Streams(node, WARM_UP_STREAMS, (number, nanos) -> {}).open();
                Posters posters = Posters.http(node, POSTERS)) {
            next = new Pace(1, WARM_UP_RATE, warmUpSeconds).run(posters.all()).end();
        }
        Thread.sleep(2000);
        long heapBefore = process.heapAfterCollection();
        long rssBefore = process.rss();
        Crowd crowd = new Crowd(node, subscribers, next, title -> HttpPoster.json(title, Poster.CONTENT));
        long rssAfter = process.rss();
        long heapAfter = process.heapAfterCollection();
        System.out.println(Options.row("", "before", "with " + subscribers + " subscribers", "KB a subscriber"));
        System.out.println(Options.row("---", "--:", "--:", "--:"));
        memory("RSS, MB", rssBefore, rssAfter);
        memory("heap after a full collection, MB", heapBefore, heapAfter);
        System.out.println();
        return crowd;
    }

    private void memory(String name, long before, long after) {
        System.out.println(Options.row(
                name,
                String.format("%.1f", before / MEGABYTE),
                String.format("%.1f", after / MEGABYTE),
                String.format("%.1f", (after - before) / KILOBYTE / subscribers)));
    }

    private static void header() {
        System.out.println(Options.row(
                "load",
                "posts",
                "deliveries/s",
                "CPU of the node, µs/delivery",
                "acknowledgement → receipt, p50 · p99 · max, ms",
                "wrong streams",
                "RSS of the node, every " + SAMPLE_SECONDS + " s, MB"));
        System.out.println(Options.row("---", "--:", "--:", "--:", "--:", "--:", "---"));
    }

    private void paced(Crowd crowd, String name, int seconds) throws Exception {
        long cpu = process.cpuMicros();
        List<Long> rss = new ArrayList<>();
        ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor();
        Crowd.Load load;
        try {
            sampler.scheduleAtFixedRate(() -> sample(rss), 0, SAMPLE_SECONDS, TimeUnit.SECONDS);
            load = crowd.paced(rate, seconds);
        } finally {
            sampler.shutdown();
            sampler.awaitTermination(SAMPLE_SECONDS, TimeUnit.SECONDS);
        }
        cpu = process.cpuMicros() - cpu;
        Samples latencies = load.sinceAcknowledged();
        print(crowd, name, load.posts(), latencies.size() / (double) seconds, cpu, latencies.three(), rss);
    }

    private void sample(List<Long> rss) {
        try {
            rss.add(process.rss());
        } catch (IOException e) {
            throw new IllegalStateException("The node has ended", e);
        }
    }

    /** One writer posts as fast as it can: arrays of 40. The median of three. */
    private void bursts(Crowd crowd, String name, int arrays) throws Exception {
        if (arrays == 0) {
            return;
        }
        int count = arrays * PER_ARRAY;
        double[] perSecond = new double[BURSTS];
        List<Long> rss = new ArrayList<>();
        long cpu = process.cpuMicros();
        for (int burst = 0; burst < BURSTS; burst++) {
            sample(rss);
            perSecond[burst] = (double) count * subscribers / crowd.burst(arrays, PER_ARRAY);
        }
        sample(rss);
        cpu = process.cpuMicros() - cpu;
        print(crowd, name, (long) count * BURSTS, Samples.median(perSecond), cpu, "–", rss);
    }

    private void print(
            Crowd crowd, String name, long count, double perSecond, long cpuMicros, String latencies, List<Long> rss)
            throws IOException {
        long now = crowd.wrong();
        System.out.println(Options.row(
                name,
                count,
                String.format("%,.0f", perSecond),
                String.format("%.2f", (double) cpuMicros / count / subscribers),
                latencies,
                now,
                rss.stream()
                        .map(bytes -> String.format("%.0f", bytes / MEGABYTE))
                        .collect(Collectors.joining(" "))));
        wrong = Math.max(wrong, now);
    }
}
