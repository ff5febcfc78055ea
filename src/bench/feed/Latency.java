import java.net.URI;

/**
 * How long a post takes to a subscriber: on the node that took it, on the other node, and when a program wrote it that
 * knows nothing of Postfeed. Writers and subscribers are one process, so that there is one clock.
 */
final class Latency {

    private static final double FOREIGN_WARM_UP_SECONDS = 5;
    private static final int HTTP_POSTERS = 16;
    private static final int PSQL_POSTERS = 4;

    private Latency() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        URI nodeA = options.uri("node-a");
        URI nodeB = options.uri("node-b");
        String database = options.text("database");
        int rate = options.number("rate", 200);
        int seconds = options.number("seconds", 30);
        int warmUp = options.number("warm-up", 60);
        options.end();

        long end = 1 + Math.round(rate * (warmUp + seconds + FOREIGN_WARM_UP_SECONDS + seconds));
        Receipts onA = new Receipts(end);
        Receipts onB = new Receipts(end);
        try (Streams streamA = new Streams(nodeA, 1, onA).open();
                Streams streamB = new Streams(nodeB, 1, onB).open();
                Posters http = Posters.http(nodeA, HTTP_POSTERS);
                Posters psql = Posters.psql(database, PSQL_POSTERS)) {
            Pace before = new Pace(1, rate, warmUp).run(http.all());
            Pace api = new Pace(before.end(), rate, seconds).run(http.all());
            Pace foreignBefore = new Pace(api.end(), rate, FOREIGN_WARM_UP_SECONDS).run(psql.all());
            Pace foreign = new Pace(foreignBefore.end(), rate, seconds).run(psql.all());

            System.out.println(Options.row(
                    "writer → subscriber",
                    "posts",
                    "acknowledgement → receipt, p50 · p99 · max, ms",
                    "due → receipt, p50 · p99 · max, ms",
                    "due → acknowledgement, p50 · p99, ms",
                    "lost",
                    "repeated",
                    "sent late"));
            System.out.println(Options.row("---", "--:", "--:", "--:", "--:", "--:", "--:", "--:"));
            long wrong = print("node A → node A", api, onA, streamA);
            wrong += print("node A → node B", api, onB, streamB);
            wrong += print("psql → node A", foreign, onA, streamA);
            wrong += print("psql → node B", foreign, onB, streamB);
            Verdict.of(wrong);
        }
    }

    /** How many were lost or repeated. */
    private static long print(String name, Pace pace, Receipts receipts, Streams streams) throws InterruptedException {
        int lost = receipts.lost(streams, pace.first(), pace.end());
        Samples acknowledgement = receipts.afterAcknowledgement(pace);
        Samples sending = receipts.afterSending(pace);
        Samples inserts = pace.inserts();
        System.out.println(Options.row(
                name,
                pace.end() - pace.first(),
                acknowledgement.three(),
                sending.three(),
                inserts.millis(50) + " · " + inserts.millis(99),
                lost,
                receipts.repeated(),
                pace.late()));
        return lost + receipts.repeated();
    }
}
