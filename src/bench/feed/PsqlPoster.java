import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Writer;

/** Posts by psql: a program that knows nothing of Postfeed. */
final class PsqlPoster implements Poster {

    private final Process psql;
    private final BufferedReader out;
    private final Writer in;

    PsqlPoster(String databaseUrl) throws IOException {
        this.psql = new ProcessBuilder("psql", "-X", "-v", "ON_ERROR_STOP=1", databaseUrl)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.out = psql.inputReader();
        this.in = psql.outputWriter();
    }

    @Override
    public void post(long number) throws IOException {
        run(insert(number, 1));
    }

    /** Inserts posts with this number and those that follow. */
    static String insert(long number, int rows) {
        return "insert into posts (title, content) select '~' || n || '~', '" + CONTENT + "' from generate_series("
                + number + "::bigint, " + (number + rows - 1) + ") n";
    }

    /** Runs a statement that answers with its command tag, and returns when it has. */
    void run(String sql) throws IOException {
        in.write(sql + ";\n");
        in.flush();
        if (out.readLine() == null) {
            throw new EOFException("psql has ended at: " + sql);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
        try {
            psql.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
