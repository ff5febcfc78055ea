import java.util.Arrays;

/** What was measured, and its percentiles. For one thread. */
final class Samples {

    private long[] values = new long[1024];
    private int size;
    private boolean sorted;

    void add(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
        sorted = false;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /** The nearest rank; {@code p} from 0 to 100. */
    long percentile(double p) {
        if (size == 0) {
            throw new IllegalStateException("Nothing was measured");
        }
        if (!sorted) {
            Arrays.sort(values, 0, size);
            sorted = true;
        }
        return values[Math.max(0, (int) Math.ceil(size * p / 100) - 1)];
    }

    static double median(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        int half = ascending.length / 2;
        return ascending.length % 2 == 1 ? ascending[half] : (ascending[half - 1] + ascending[half]) / 2;
    }

    /** Nanoseconds at the percentile, as milliseconds. */
    String millis(double p) {
        return toMillis(percentile(p));
    }

    /** Median, 99th percentile and maximum, in milliseconds. */
    String three() {
        return millis(50) + " · " + millis(99) + " · " + millis(100);
    }

    static String toMillis(long nanos) {
        return String.format("%.1f", nanos / 1e6);
    }
}
