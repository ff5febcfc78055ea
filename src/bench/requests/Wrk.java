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

    /** After a second in which nothing new is sent, all have their answers; large ones want more. */
    private static final int CHARACTERS_PER_SECOND = 250_000;

    /** How many of {@link #all}. */
    static final int KINDS = 4;

    /** About 260 bytes of JSON. */
    static final int CHARACTERS = 150;

    /**
     * What is in the database.
     *
     * @param scripts the directory of {@code load.lua}
     * @param first the id of the first of the posts
     */
    record Data(Path scripts, long first, int posts, int users) {}

    /** All kinds of requests. */
    static List<Wrk> all(Data data, int connections, String suffix) {
        return all(data, connections, suffix, CHARACTERS);
    }

    static List<Wrk> all(Data data, int connections, String suffix, int characters) {
        return List.of(
                new Wrk("by id" + suffix, "by-id", connections, data, characters),
                new Wrk("insert" + suffix, "insert", connections, data, characters),
                new Wrk("list of 20, newest" + suffix, "newest", connections, data, characters),
                new Wrk("list of 20, after an id" + suffix, "after", connections, data, characters));
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
                seconds + drainSeconds() + "s",
                "--timeout",
                "30s",
                "--script",
                data.scripts().resolve("load.lua").toString(),
                service.uri().toString(),
                "--",
                String.valueOf(seconds),
                kind,
                String.valueOf(ThreadLocalRandom.current().nextInt(1 << 30)),
                String.valueOf(data.first()),
                String.valueOf(data.posts()),
                String.valueOf(data.users()),
                String.valueOf(characters)));
        String result = output.lines()
                .filter(line -> line.startsWith("RESULT "))
                .findFirst()
                .orElseThrow(() -> new IOException("wrk: " + output));
        String[] fields = result.split(" ");
        long requests = Long.parseLong(fields[1]);
        long errors = Long.parseLong(fields[2]);
        if (errors > 0) {
            // Figures of a service that fails are worth nothing.
            throw new IOException(service.name() + ", " + name + ": " + errors + " of " + requests + " failed");
        }
        // Of all that were sent within these seconds, the last one of each connection was answered after them.
        double elapsed = requests > connections
                ? (double) seconds * requests / (requests - connections)
                : seconds + drainSeconds();
        return new Outcome(requests, elapsed, Long.parseLong(fields[3]), Long.parseLong(fields[4]));
    }

    private int drainSeconds() {
        return 1 + characters / CHARACTERS_PER_SECOND;
    }
}
