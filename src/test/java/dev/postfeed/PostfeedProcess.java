package dev.postfeed;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.test.web.reactive.server.WebTestClient;

/**
 * The service as its users run it: a process of its own, with settings in its environment and nothing else of this
 * one's. Closing it kills what is left of it; an embedded PostgreSQL that it left behind is its test's to stop.
 */
public final class PostfeedProcess implements AutoCloseable {

    private static final Duration START_WAIT = Duration.ofSeconds(90);
    private static final Duration STOP_WAIT = Duration.ofSeconds(30);
    private static final Pattern READY = Pattern.compile("Postfeed is at (http://[^\\s\"]+?)/?(\"|$)");
    private static final Pattern SETTING = Pattern.compile(
            "(DATABASE_(DIRECT_)?URL|(POSTGRES|POSTFEED|SERVER|SPRING|SPRINGDOTENV|LOGGING|MANAGEMENT)_.*)",
            Pattern.CASE_INSENSITIVE);

    private final Process process;
    private final Thread reader;
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> baseUrl = new CompletableFuture<>();

    private PostfeedProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "output of Postfeed " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts it, and returns at once.
     *
     * @param directory its working directory, where it looks for {@code .env} and keeps {@code .postfeed}
     * @param environment the settings; without {@code SERVER_PORT} any free port is taken
     * @param arguments of the command line
     */
    public static PostfeedProcess start(Path directory, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx192m",
                "-cp",
                classPath(),
                "dev.postfeed.Application"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> SETTING.matcher(name).matches());
        builder.environment().put("SERVER_PORT", "0");
        builder.environment().putAll(environment);
        try {
            return new PostfeedProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This one's class path without the tests, whose configurations the service would find. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !Path.of(entry).endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** A TCP port that nobody listens on; none that a system gives to outgoing connections. */
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: try another.
            }
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                Matcher ready = READY.matcher(line);
                if (ready.find()) {
                    baseUrl.complete(ready.group(1));
                }
            }
        } catch (IOException e) {
            lines.add(e.toString());
        } finally {
            baseUrl.completeExceptionally(new AssertionError("Postfeed ended before it was ready:\n" + output()));
        }
    }

    /** Waits until it serves; its base URL, without a slash at the end. */
    public String awaitReady() {
        try {
            return baseUrl.get(START_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("Postfeed is not ready after " + START_WAIT + ":\n" + output(), e);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** A client of it, once it serves. */
    public WebTestClient client() {
        return WebTestClient.bindToServer()
                .baseUrl(awaitReady())
                .responseTimeout(Duration.ofSeconds(20))
                .build();
    }

    /** Waits until it has ended by itself; all that it printed. */
    public String awaitExit() {
        await(START_WAIT);
        return output();
    }

    /** Asks it to stop (SIGTERM) and waits; all that it printed. */
    public String stop() {
        process.toHandle().destroy(); // Unlike process.destroy() it leaves the output open: the last lines are read.
        await(STOP_WAIT);
        return output();
    }

    /** Ends it on the spot (SIGKILL). */
    public void kill() {
        process.destroyForcibly();
        await(STOP_WAIT);
    }

    private void await(Duration longest) {
        try {
            if (!process.waitFor(longest.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("Postfeed still runs after " + longest + ":\n" + output());
            }
            // What it left running may hold its output open, so that the end of it may never come.
            reader.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What it has printed so far. */
    public String output() {
        return String.join("\n", lines);
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code of one that has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
