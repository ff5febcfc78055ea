import java.io.IOException;

/** Something that is asked of a service, as often as it can. */
interface Workload {

    /** For the first column of a table. */
    String name();

    /** Requests, or rows. */
    String unit();

    /** @param seconds for how long, where the workload has no end of its own */
    Outcome run(Service service, int seconds) throws IOException, InterruptedException;

    /**
     * What came of it.
     *
     * @param p50Micros latency, 0 where it is not measured
     */
    record Outcome(long count, double seconds, long p50Micros, long p99Micros) {}
}
