package dev.postfeed.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Tests that mount a file system, or make a network: skipped where only root of a Linux may; with {@code CI=true} they fail. */
public final class NeedsRoot {

    private NeedsRoot() {}

    /** Root of a container may not either, as a rule. */
    public static void check() {
        assumeTrue(
                "true".equals(System.getenv("CI")) || may("unshare", "--mount", "--net", "ip", "link"),
                "it takes root of a Linux, with iproute2");
    }

    private static boolean may(String... command) {
        try {
            run(command);
            return true;
        } catch (Exception e) {
            return false;
        }
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
