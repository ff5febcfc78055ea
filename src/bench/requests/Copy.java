import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The database alone: COPY by psql, to nowhere or from a file. */
record Copy(String name, String command, String database) implements Workload {

    static Copy out(String name, String database) {
        return new Copy(name, "\\copy posts to /dev/null", database);
    }

    /** The rows of the upload, as COPY wants them. */
    static Copy in(RowsIn upload, String database) throws IOException {
        Path file = upload.lines().resolveSibling("posts.copy");
        Files.write(file, upload.copyLines());
        return new Copy(upload.name(), "\\copy posts (title, content, user_id) from '" + file + "'", database);
    }

    @Override
    public String unit() {
        return "rows";
    }

    @Override
    public Outcome run(Service service, int seconds) throws IOException, InterruptedException {
        long start = System.nanoTime();
        String output = Command.run(List.of("psql", "-X", "-c", command, database));
        double elapsed = (System.nanoTime() - start) / 1e9;
        return new Outcome(Long.parseLong(output.strip().replace("COPY ", "")), elapsed, 0, 0);
    }
}
