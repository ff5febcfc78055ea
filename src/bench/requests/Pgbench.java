import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The database alone: prepared statements by pgbench, on as many connections as keep it busiest. */
record Pgbench(String name, Path script, String database, int posts, int users) implements Workload {

    private static final Pattern COUNT = Pattern.compile("actually processed: (\\d+)");
    private static final Pattern FAILED = Pattern.compile("failed transactions: (\\d+)");
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+) \\(without initial connection time\\)");

    @Override
    public String unit() {
        return "requests";
    }

    @Override
    public Outcome run(Service service, int seconds) throws IOException, InterruptedException {
        String output = Command.run(List.of(
                "pgbench",
                "--no-vacuum",
                "--protocol=prepared",
                "--client=16",
                "--jobs=2",
                "--time=" + seconds,
                "--define=posts=" + posts,
                "--define=users=" + users,
                "--file=" + script,
                database));
        if (!field(FAILED, output).equals("0")) {
            throw new IOException(output);
        }
        long count = Long.parseLong(field(COUNT, output));
        return new Outcome(count, count / Double.parseDouble(field(RATE, output)), 0, 0);
    }

    private static String field(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("pgbench: " + output);
        }
        return matcher.group(1);
    }
}
