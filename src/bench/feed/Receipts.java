import java.time.Duration;

/** When the posts of one stream came, by their numbers. Its stream writes; ask the stream before reading. */
final class Receipts implements FeedStream.Receiver {

    private static final Duration LAST_WAIT = Duration.ofSeconds(30);

    private final long[] nanos;
    private int repeated;

    /** @param end above the highest number */
    Receipts(long end) {
        this.nanos = new long[Math.toIntExact(end)];
    }

    @Override
    public void received(long number, long now) {
        if (nanos[(int) number] == 0) {
            nanos[(int) number] = now;
        } else {
            repeated++;
        }
    }

    /** Waits until these have come, for half a minute at most; how many have not. */
    int lost(Streams streams, long from, long to) throws InterruptedException {
        long end = System.nanoTime() + LAST_WAIT.toNanos();
        int lost;
        while ((lost = (int) (to - from) - streams.ask(all -> had(from, to))) > 0 && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        return lost;
    }

    /** How many of these have come. */
    int had(long from, long to) {
        int had = 0;
        for (long number = from; number < to; number++) {
            had += has(number) ? 1 : 0;
        }
        return had;
    }

    boolean has(long number) {
        return nanos[(int) number] != 0;
    }

    long at(long number) {
        return nanos[(int) number];
    }

    /** Posts that came another time. */
    int repeated() {
        return repeated;
    }

    /** From the acknowledgement to the receipt: 0 where the stream was faster. */
    Samples afterAcknowledgement(Pace pace) {
        Samples samples = new Samples();
        for (long number = pace.first(); number < pace.end(); number++) {
            if (has(number)) {
                samples.add(Math.max(0, at(number) - pace.acknowledged(number)));
            }
        }
        return samples;
    }

    /** From when the post was to be sent to the receipt. */
    Samples afterSending(Pace pace) {
        Samples samples = new Samples();
        for (long number = pace.first(); number < pace.end(); number++) {
            if (has(number)) {
                samples.add(at(number) - pace.due(number));
            }
        }
        return samples;
    }
}
