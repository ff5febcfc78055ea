import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A process that follows a node's feed in many streams, and answers on its standard output what is asked on its standard
 * input, a line each. It ends with its input. Times are {@link System#nanoTime()}, which on Linux is one clock for all
 * processes (CLOCK_MONOTONIC).
 */
final class Subscribers implements FeedStream.Receiver {

    /** Pairs of a post's number and when it came. */
    private long[] receipts = new long[1 << 16];

    private int size;

    private Subscribers() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        Subscribers subscribers = new Subscribers();
        Streams streams = new Streams(options.uri("node"), options.number("streams", 2500), subscribers);
        options.end();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        try (streams) {
            streams.open();
            System.out.println("open");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(subscribers.answer(streams, List.of(line.split(" "))));
            }
        }
    }

    private String answer(Streams streams, List<String> question) throws Exception {
        return switch (question.get(0)) {
            case "posts" -> streams.posts() + " " + streams.lastNanos();
            case "wrong" ->
                String.valueOf(streams.wrong(Long.parseLong(question.get(1)), Long.parseLong(question.get(2))));
            case "save" -> save(streams.ask(all -> taken()), Path.of(question.get(1)));
            default -> throw new IllegalArgumentException("No such question: " + question);
        };
    }

    @Override
    public void received(long number, long nanos) {
        if (size == receipts.length) {
            receipts = Arrays.copyOf(receipts, 2 * size);
        }
        receipts[size++] = number;
        receipts[size++] = nanos;
    }

    private long[] taken() {
        long[] taken = Arrays.copyOf(receipts, size);
        size = 0;
        return taken;
    }

    private static String save(long[] receipts, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (long value : receipts) {
                out.writeLong(value);
            }
        }
        return String.valueOf(receipts.length / 2);
    }
}
