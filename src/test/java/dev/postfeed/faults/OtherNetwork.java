package dev.postfeed.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A network beside that of this machine, with a cable between the two that can be pulled. */
public final class OtherNetwork implements AutoCloseable {

    /** The address of this machine at the cable. */
    public static final String THIS_SIDE = "10.231.7.1";

    private static final String OTHER_SIDE = "10.231.7.2";
    private static final String PREFIX = "/30";
    private static final String HERE = "pf" + ProcessHandle.current().pid() + "a";
    private static final String THERE = "pf" + ProcessHandle.current().pid() + "b";

    /** The network is there for as long as a process is in it. */
    private final Process holder;

    private final List<Process> processes = new ArrayList<>();

    public OtherNetwork() throws Exception {
        NeedsRoot.check();
        holder = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo there; exec sleep 300").start();
        processes.add(holder);
        try {
            if (holder.inputReader().readLine() == null) {
                throw new IOException(new String(holder.getErrorStream().readAllBytes()));
            }
            NeedsRoot.run("ip", "link", "add", HERE, "type", "veth", "peer", "name", THERE, "netns", pid());
            NeedsRoot.run("ip", "address", "add", THIS_SIDE + PREFIX, "dev", HERE);
            NeedsRoot.run("ip", "link", "set", HERE, "up");
            NeedsRoot.run(there("ip", "address", "add", OTHER_SIDE + PREFIX, "dev", THERE));
            NeedsRoot.run(there("ip", "link", "set", THERE, "up"));
        } catch (Exception e) {
            processes.forEach(Process::destroyForcibly);
            throw e;
        }
    }

    private String pid() {
        return Long.toString(holder.pid());
    }

    private String[] there(String... command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--target", pid(), "--net"));
        all.addAll(Arrays.asList(command));
        return all.toArray(String[]::new);
    }

    /** Starts a program that has the other network only. */
    public Process start(String... command) throws IOException {
        Process process =
                new ProcessBuilder(there(command)).redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }

    /** Pulls the cable: whatever is sent is lost, both ways. */
    public void vanish() throws Exception {
        NeedsRoot.run(there("ip", "link", "set", THERE, "down"));
    }

    @Override
    public void close() throws Exception {
        // Before the network goes with its last process, and the link with it.
        NeedsRoot.run("ip", "link", "delete", HERE);
        processes.forEach(Process::destroyForcibly);
    }
}
