import java.util.List;
import java.util.function.ToDoubleFunction;

/** A workload against a service, once. CPU times are microseconds for each request or row. */
record Measurement(double perSecond, double serviceMicros, double postgresMicros, long p50Micros, long p99Micros) {

    static double median(List<Measurement> rounds, ToDoubleFunction<Measurement> value) {
        return Samples.median(rounds.stream().mapToDouble(value).toArray());
    }

    static String perSecond(List<Measurement> rounds) {
        return String.format("%,.0f", median(rounds, Measurement::perSecond));
    }

    /** CPU of the service and of PostgreSQL. */
    static String cpu(List<Measurement> rounds) {
        return micros(median(rounds, Measurement::serviceMicros)) + " + "
                + micros(median(rounds, Measurement::postgresMicros));
    }

    /** p50 and p99, in milliseconds. */
    static String latency(List<Measurement> rounds) {
        double p50 = median(rounds, Measurement::p50Micros);
        return p50 == 0 ? "–" : String.format("%.2f · %.2f", p50 / 1e3, median(rounds, Measurement::p99Micros) / 1e3);
    }

    /** Each per second, CPU, and p99 in milliseconds where it was measured. */
    static String cell(List<Measurement> rounds) {
        if (rounds.isEmpty()) {
            return "–";
        }
        double p99 = median(rounds, Measurement::p99Micros);
        return perSecond(rounds) + " · " + cpu(rounds) + (p99 == 0 ? "" : String.format(" · %.1f", p99 / 1e3));
    }

    private static String micros(double micros) {
        return String.format(micros < 20 ? "%.1f" : "%.0f", micros);
    }
}
