import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One kind of request by wrk, with the script {@code load.lua}: cheap, so that the cores are the service's.
 *
 * @param characters of the content of a post that is inserted
 */
record Wrk(String name, String kind, int connections, Data data, int characters) implements Workload {

    /** About 260 bytes of JSON. */
    static final int CHARACTERS = 150;

    /** What is in the database, and where {@code load.lua} is. */
    record Data(Path script, int posts, int users) {}

    Wrk(String name, String kind, int connections, Data data) {
        this(name, kind, connections, data, CHARACTERS);
    }

    @Override
    public String unit() {
        return "requests";
    }

    @Override
    public Outcome run(Service service, int seconds) throws IOException, InterruptedException {
        String output = Command.run(List.of(
                "wrk",
                "--threads",
                "1",
                "--connections",
                String.valueOf(connections),
                "--duration",
                seconds + "s",
                "--timeout",
                "30s",
                "--script",
                data.script().toString(),
                service.uri().toString(),
                "--",
                kind,
                String.valueOf(ThreadLocalRandom.current().nextInt(1 << 30)),
                String.valueOf(data.posts()),
                String.valueOf(data.users()),
                String.valueOf(characters)));
        String result = output.lines()
                .filter(line -> line.startsWith("RESULT "))
                .findFirst()
                .orElseThrow(() -> new IOException("wrk: " + output));
        String[] fields = result.split(" ");
        long requests = Long.parseLong(fields[1]);
        long errors = Long.parseLong(fields[3]);
        if (errors > 0 || requests == 0) {
            // Figures of a service that fails are worth nothing.
            throw new IOException(service.name() + ", " + name + ": " + errors + " of " + requests + " failed");
        }
        return new Outcome(
                requests, Long.parseLong(fields[2]) / 1e6, Long.parseLong(fields[4]), Long.parseLong(fields[5]));
    }
}
