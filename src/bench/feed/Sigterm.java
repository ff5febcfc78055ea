import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How long a node takes to end, asked by SIGTERM while its feed is followed, and whether its clients can tell. */
final class Sigterm {

    private static final int POSTERS = 4;
    private static final int FILLING_POSTS = 8;
    private static final int FILLING_CHARACTERS = 64 * 1024;
    private static final int EXIT_WAIT_SECONDS = 60;

    private Sigterm() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        URI node = options.uri("node-a");
        Proc process = new Proc(options.pid("pid-a"));
        int subscribers = options.number("subscribers", 1000);
        int silent = options.number("silent", 100);
        int rate = options.number("rate", 50);
        int warmUp = options.number("warm-up", 10);
        options.end();

        try (Streams reading = new Streams(node, subscribers - silent, (number, nanos) -> {}).open();
                Streams notReading = Streams.silent(node, silent).open();
                Posters posters = Posters.http(node, POSTERS)) {
            Pace before = new Pace(1, rate, warmUp).run(posters.all());
            try (HttpPoster large = new HttpPoster(node)) {
                for (int i = 0; i < FILLING_POSTS; i++) {
                    large.postLarge("Large", FILLING_CHARACTERS);
                }
            }
            long posts = before.end() - 1;
            long wrong = reading.wrongAfterWaiting(posts + FILLING_POSTS, posts * (posts + 1) / 2);
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> post(before, rate, posters));
            Thread.sleep(1000);
            double seconds = stop(process);
            Thread.sleep(200);

            System.out.println(Options.row(
                    "streams",
                    "of them never read",
                    "SIGTERM → exit, s",
                    "bodies that ended",
                    "bodies that were cut",
                    "wrong streams before"));
            System.out.println(Options.row("--:", "--:", "--:", "--:", "--:", "--:"));
            System.out.println(Options.row(
                    subscribers, silent, String.format("%.2f", seconds), reading.ended(), reading.cut(), wrong));
            Verdict.of(wrong);
            load.get(EXIT_WAIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Until the node ends, which these requests notice. */
    private static void post(Pace before, int rate, Posters posters) {
        try {
            new Pace(before.end(), rate, EXIT_WAIT_SECONDS).run(posters.all());
        } catch (IOException e) {
            // It has ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The seconds until the process has ended. */
    private static double stop(Proc process) throws IOException, InterruptedException {
        long start = System.nanoTime();
        long end = start + TimeUnit.SECONDS.toNanos(EXIT_WAIT_SECONDS);
        ProcessHandle.of(process.pid()).orElseThrow().destroy();
        while (process.isAlive()) {
            if (System.nanoTime() > end) {
                throw new IOException("The node still runs after " + EXIT_WAIT_SECONDS + " s");
            }
            Thread.sleep(2);
        }
        return (System.nanoTime() - start) / 1e9;
    }
}
