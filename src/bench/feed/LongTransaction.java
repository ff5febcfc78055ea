import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the others notice while a transaction has inserted posts and stays open, and when its own come. */
final class LongTransaction {

    private static final int HTTP_POSTERS = 16;
    private static final int BEFORE_SECONDS = 10;
    private static final int COMMIT_SECONDS = 10;
    private static final int COMMIT_AFTER_MILLIS = 2000;

    /** A node, and what one of its subscribers has had. */
    private record Node(Proc process, Streams stream, Receipts receipts) {}

    private final Node a;
    private final Node b;
    private final Posters posters;
    private final int rate;
    private long wrong;

    private LongTransaction(Node a, Node b, Posters posters, int rate) {
        this.a = a;
        this.b = b;
        this.posters = posters;
        this.rate = rate;
    }

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        URI nodeA = options.uri("node-a");
        URI nodeB = options.uri("node-b");
        Proc processA = new Proc(options.pid("pid-a"));
        Proc processB = new Proc(options.pid("pid-b"));
        String database = options.text("database");
        int rate = options.number("rate", 200);
        int seconds = options.number("seconds", 30);
        int warmUp = options.number("warm-up", 60);
        int rows = options.number("rows", 1);
        options.end();

        long own = 1 + (long) rate * (warmUp + BEFORE_SECONDS + seconds + COMMIT_SECONDS);
        Receipts onA = new Receipts(own + rows);
        Receipts onB = new Receipts(own + rows);
        try (Streams streamA = new Streams(nodeA, 1, onA).open();
                Streams streamB = new Streams(nodeB, 1, onB).open();
                Posters http = Posters.http(nodeA, HTTP_POSTERS);
                PsqlPoster psql = new PsqlPoster(database)) {
            Node a = new Node(processA, streamA, onA);
            Node b = new Node(processB, streamB, onB);
            LongTransaction load = new LongTransaction(a, b, http, rate);
            Pace before = new Pace(1, rate, warmUp).run(http.all());

            header();
            before = load.phase("before", before.end(), BEFORE_SECONDS);
            psql.run("begin");
            psql.run(PsqlPoster.insert(own, rows));
            Pace open = load.phase("while the transaction is open", before.end(), seconds);
            int early = streamA.ask(all -> onA.had(own, own + rows)) + streamB.ask(all -> onB.had(own, own + rows));

            ExecutorService thread = Executors.newSingleThreadExecutor();
            Future<Pace> after = thread.submit(() -> load.phase("while it commits", open.end(), COMMIT_SECONDS));
            thread.shutdown(); // After that.
            Thread.sleep(COMMIT_AFTER_MILLIS);
            psql.run("commit");
            long committed = System.nanoTime();
            after.get();

            System.out.printf("%nThe transaction of %d rows: %d came before its commit.%n", rows, early);
            load.own("A", a, own, rows, committed);
            load.own("B", b, own, rows, committed);
            Verdict.of(load.wrong + early);
        }
    }

    private static void header() {
        System.out.println(Options.row(
                "posts through node A",
                "acknowledgement → receipt from A, p50 · p99 · max, ms",
                "from B",
                "lost",
                "sent late",
                "CPU of A · B, % of a core"));
        System.out.println(Options.row("---", "--:", "--:", "--:", "--:", "--:"));
    }

    private Pace phase(String name, long first, int seconds) throws Exception {
        long nanos = System.nanoTime();
        long cpuA = a.process().cpuMicros();
        long cpuB = b.process().cpuMicros();
        Pace pace = new Pace(first, rate, seconds).run(posters.all());
        double micros = (System.nanoTime() - nanos) / 1e3;
        String cpu = String.format(
                "%.0f · %.0f",
                100 * (a.process().cpuMicros() - cpuA) / micros,
                100 * (b.process().cpuMicros() - cpuB) / micros);
        int lost =
                a.receipts().lost(a.stream(), first, pace.end()) + b.receipts().lost(b.stream(), first, pace.end());
        wrong += lost;
        System.out.println(Options.row(
                name,
                a.receipts().afterAcknowledgement(pace).three(),
                b.receipts().afterAcknowledgement(pace).three(),
                lost,
                pace.late(),
                cpu));
        return pace;
    }

    /** What became of the posts of the transaction. */
    private void own(String name, Node node, long first, int rows, long committed) throws InterruptedException {
        Receipts receipts = node.receipts();
        int lost = receipts.lost(node.stream(), first, first + rows);
        Samples times = new Samples();
        for (long number = first; number < first + rows; number++) {
            if (receipts.has(number)) {
                times.add(Math.max(0, receipts.at(number) - committed));
            }
        }
        wrong += lost + receipts.repeated();
        System.out.printf(
                "Node %s: the first %s ms, the last %s ms after the acknowledgement of the commit; %d lost, %d posts repeated.%n",
                name,
                times.isEmpty() ? "–" : times.millis(0),
                times.isEmpty() ? "–" : times.millis(100),
                lost,
                receipts.repeated());
    }
}
