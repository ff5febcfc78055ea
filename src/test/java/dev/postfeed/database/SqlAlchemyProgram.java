package dev.postfeed.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code sqlalchemy_program.py} on a database; needs a Python that has SQLAlchemy 1.4 and psycopg2. */
final class SqlAlchemyProgram {

    private static final String PROGRAM = "src/test/python/sqlalchemy_program.py";
    private static final List<String> PYTHONS = List.of("/usr/bin/python3", "python3");

    private final String url;
    private final String python;

    private SqlAlchemyProgram(String url, String python) {
        this.url = url;
        this.python = python;
    }

    /** @throws AssertionError when the machine lacks what it needs: a test that did not run proves nothing */
    static SqlAlchemyProgram on(TestDatabase database) throws Exception {
        StringBuilder tried = new StringBuilder();
        for (String python : PYTHONS) {
            Result check = execute(
                    database.url(),
                    python,
                    "-c",
                    "import psycopg2, sqlalchemy; assert sqlalchemy.__version__.startswith('1.4.')");
            if (check.exitCode() == 0) {
                return new SqlAlchemyProgram(database.url(), python);
            }
            tried.append('\n').append(python).append(": ").append(check.output());
        }
        throw new AssertionError("No Python with SQLAlchemy 1.4 and psycopg2. Install them:"
                + " apt-get install -y python3-sqlalchemy python3-psycopg2" + tried);
    }

    /** Runs a command of the program; its answer as JSON. */
    String run(String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(PROGRAM));
        arguments.addAll(List.of(command));
        Result result = execute(url, python, arguments.toArray(String[]::new));
        if (result.exitCode() != 0) {
            throw new AssertionError(String.join(" ", command) + " failed: " + result.output());
        }
        return result.output().strip();
    }

    private record Result(int exitCode, String output) {}

    private static Result execute(String url, String python, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(python));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("DATABASE_URL", url);
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        Path output = Files.createTempFile("sqlalchemy", ".out");
        try {
            Process process = builder.redirectOutput(output.toFile()).start();
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
                return new Result(-1, "still running after 60 s: " + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return new Result(-1, e.toString());
        } finally {
            Files.delete(output);
        }
    }
}
