import java.io.IOException;
import java.util.List;

/** A stream of so many rows as NDJSON, thrown away by curl. */
record RowsOut(String name, int rows) implements Workload {

    /** Some peers stall in the middle of a stream, once in a while, and for ever. */
    private static final String LONGEST_SECONDS = "120";

    @Override
    public String unit() {
        return "rows";
    }

    @Override
    public Outcome run(Service service, int seconds) throws IOException, InterruptedException {
        String[] fields = Command.run(List.of(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--fail",
                        "--no-buffer",
                        "--max-time",
                        LONGEST_SECONDS,
                        "--output",
                        "/dev/null",
                        "--write-out",
                        "%{time_total} %{size_download}",
                        "--header",
                        "Accept: application/x-ndjson",
                        service.uri() + "/posts?limit=" + rows))
                .split(" ");
        if (Long.parseLong(fields[1]) < 200L * rows) {
            throw new IOException(service.name() + ": " + fields[1] + " bytes are no " + rows + " rows");
        }
        return new Outcome(rows, Double.parseDouble(fields[0]), 0, 0);
    }
}
