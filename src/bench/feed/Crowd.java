import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Many subscribers of a service, in two processes, and what each of them must have had by now. */
final class Crowd implements Closeable {

    private static final int POSTERS = 4;
    private static final int LAST_WAIT_SECONDS = 20;

    private final URI node;
    private final int subscribers;
    private final UnaryOperator<String> body;
    private final List<SubscriberProcess> readers = new ArrayList<>();
    private long posts;
    private long sum;
    private long next;

    /** What a load came to: a sample for each delivery. */
    record Load(long posts, Samples sinceAcknowledged, Samples sinceDue) {}

    /**
     * Returns when all are live.
     *
     * @param first the number of the first post
     * @param body the JSON of a post of a title
     */
    Crowd(URI node, int subscribers, long first, UnaryOperator<String> body) throws IOException {
        this.node = node;
        this.subscribers = subscribers;
        this.next = first;
        this.body = body;
        try {
            readers.add(new SubscriberProcess(node, subscribers / 2));
            readers.add(new SubscriberProcess(node, subscribers - subscribers / 2));
            for (SubscriberProcess reader : readers) {
                reader.awaitOpen();
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Posts at a steady rate; returns when everybody has had all. */
    Load paced(double perSecond, int seconds) throws IOException, InterruptedException {
        Pace pace;
        // On connections of its own: those that rest for a minute, the node closes.
        try (Posters posters = Posters.http(node, POSTERS, body)) {
            pace = new Pace(next, perSecond, seconds).run(posters.all());
        }
        for (; next < pace.end(); next++) {
            posts++;
            sum += next;
        }
        awaitAll();
        Samples acknowledged = new Samples();
        Samples due = new Samples();
        for (SubscriberProcess reader : readers) {
            reader.addLatencies(pace, acknowledged, due);
        }
        return new Load(pace.end() - pace.first(), acknowledged, due);
    }

    /** Posts arrays as fast as it can, without numbers; the seconds until everybody had all. */
    double burst(int arrays, int perArray) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (HttpPoster poster = new HttpPoster(node)) {
            for (int i = 0; i < arrays; i++) {
                poster.postMany("Burst", perArray);
            }
        }
        posts += (long) arrays * perArray;
        return (awaitAll() - start) / 1e9;
    }

    /** How many subscribers had not exactly these posts. */
    long wrong() throws IOException {
        long wrong = 0;
        for (SubscriberProcess reader : readers) {
            wrong += reader.wrong(posts, sum);
        }
        return wrong;
    }

    /** Waits until every stream has had all posts, or nothing has come for a while; when the last one came. */
    private long awaitAll() throws IOException, InterruptedException {
        long before = -1;
        long patience = 0;
        while (true) {
            long count = 0;
            long last = 0;
            for (SubscriberProcess reader : readers) {
                long[] answer = reader.posts();
                count += answer[0];
                last = Math.max(last, answer[1]);
            }
            if (count >= posts * subscribers) {
                return last;
            }
            if (count != before) {
                before = count;
                patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_WAIT_SECONDS);
            } else if (System.nanoTime() > patience) {
                System.err.println(node + ": " + count + " of " + posts * subscribers + " deliveries");
                return last;
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        readers.forEach(SubscriberProcess::close);
    }
}
