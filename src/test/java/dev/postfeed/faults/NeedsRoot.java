package dev.postfeed.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests that mount a file system, or make a network: skipped where only root of a Linux may; with {@code CI=true} they fail. */
public final class NeedsRoot {

    private NeedsRoot() {}

    public static void check() {
        boolean may = System.getProperty("os.name").equals("Linux")
                && System.getProperty("user.name").equals("root");
        assumeTrue(may || "true".equals(System.getenv("CI")), "only root of a Linux may do this");
    }

    /** Runs a command to its end, which must be good. */
    public static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + output);
        }
    }
}
