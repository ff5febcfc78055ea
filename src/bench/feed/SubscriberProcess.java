import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A process of {@link Subscribers}, as seen by the one that started it. */
final class SubscriberProcess implements Closeable {

    private final Process process;
    private final BufferedReader out;
    private final Writer in;

    /** Returns at once; {@link #awaitOpen()} waits for the streams. */
    SubscriberProcess(URI node, int streams) throws IOException {
        this.process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Subscribers.class.getName(),
                        "--node",
                        node.toString(),
                        "--streams",
                        String.valueOf(streams))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.out = process.inputReader();
        this.in = process.outputWriter();
    }

    void awaitOpen() throws IOException {
        line();
    }

    /** How many posts came, over all of its streams; and when the last bytes did. */
    long[] posts() throws IOException {
        String[] answer = ask("posts").split(" ");
        return new long[] {Long.parseLong(answer[0]), Long.parseLong(answer[1])};
    }

    /** How many streams had not exactly so many posts, with numbers of this sum. */
    long wrong(long posts, long sum) throws IOException {
        return Long.parseLong(ask("wrong " + posts + " " + sum));
    }

    /** Adds, for each post of this load that came since the last call, the times since its acknowledgement and since it was due. */
    void addLatencies(Pace pace, Samples acknowledged, Samples due) throws IOException {
        Path file = Files.createTempFile("receipts", null);
        try {
            long count = Long.parseLong(ask("save " + file));
            try (DataInputStream receipts = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                for (long i = 0; i < count; i++) {
                    long number = receipts.readLong();
                    long nanos = receipts.readLong();
                    if (number >= pace.first() && number < pace.end()) {
                        acknowledged.add(Math.max(0, nanos - pace.acknowledged(number)));
                        due.add(nanos - pace.due(number));
                    }
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    private String ask(String question) throws IOException {
        in.write(question + "\n");
        in.flush();
        return line();
    }

    private String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new EOFException("Subscribers have ended");
        }
        return line;
    }

    @Override
    public void close() {
        try {
            in.close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
