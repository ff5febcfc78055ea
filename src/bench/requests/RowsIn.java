import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** An upload of rows as NDJSON by curl. */
record RowsIn(String name, int rows, int users, Path lines) implements Workload {

    private static final String CONTENT =
            "The quick brown fox jumps over the lazy dog, and over the next one, and over all of them. "
                    + "The quick brown fox jumps over the lazy dog, and over the next";

    /** @param directory for the lines, and for the answers */
    static RowsIn of(String name, int rows, int users, Path directory) throws IOException {
        RowsIn upload = new RowsIn(name, rows, users, directory.resolve("posts.ndjson"));
        Files.write(
                upload.lines(),
                upload.all(i -> "{\"title\":\"Post number " + i + "\",\"content\":\"" + CONTENT + "\",\"user_id\":"
                        + user(i, users) + "}"));
        return upload;
    }

    /** The same rows in the text format of COPY. */
    List<String> copyLines() {
        return all(i -> "Post number " + i + "\t" + CONTENT + "\t" + user(i, users));
    }

    private List<String> all(IntFunction<String> line) {
        return IntStream.range(0, rows).mapToObj(line).toList();
    }

    private static long user(int i, int users) {
        return 1 + i * 7919L % users;
    }

    @Override
    public String unit() {
        return "rows";
    }

    @Override
    public Outcome run(Service service, int seconds) throws IOException, InterruptedException {
        Path answers = lines.resolveSibling("answers.ndjson");
        String time = Command.run(List.of(
                "curl",
                "--silent",
                "--show-error",
                "--fail",
                "--no-buffer",
                "--request",
                "POST",
                "--upload-file",
                lines.toString(),
                "--header",
                "Content-Type: application/x-ndjson",
                "--output",
                answers.toString(),
                "--write-out",
                "%{time_total}",
                service.uri() + "/posts"));
        try (Stream<String> all = Files.lines(answers)) {
            long stored = all.filter(line -> line.contains("\"status\":201")).count();
            if (stored != rows) {
                throw new IOException(service.name() + " stored " + stored + " of " + rows + " rows");
            }
        }
        return new Outcome(rows, Double.parseDouble(time), 0, 0);
    }
}
