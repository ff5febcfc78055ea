package dev.postfeed.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Holds what was recorded against the contract, on a thread of its own: event loops only leave it here. What has been
 * met is in {@link #MET}, for {@link ContractCoverageCheck}; so is what was not kept, which fails the test as well, but for
 * an answer that ended after its test.
 */
final class ContractChecker {

    static final Path MET = Path.of("target", "contract", "met.txt");
    static final Path BROKEN = Path.of("target", "contract", "broken.txt");

    private static final long LONGEST_WAIT_NANOS = 60_000_000_000L;
    private static final long REST_NANOS = 5_000_000;

    private static final Queue<Exchange> SUBMITTED = new ConcurrentLinkedQueue<>();
    private static final Queue<String> VIOLATIONS = new ConcurrentLinkedQueue<>();
    private static final AtomicLong WAITING = new AtomicLong();

    private ContractChecker() {}

    /** Holds an exchange against the contract, soon. From any thread; does not block. */
    static void submit(Exchange exchange) {
        WAITING.incrementAndGet();
        SUBMITTED.add(exchange);
        LockSupport.unpark(Worker.THREAD);
    }

    /** Waits for what was submitted; what was found since this was asked last. */
    static List<String> violations() throws InterruptedException {
        long end = System.nanoTime() + LONGEST_WAIT_NANOS;
        while (WAITING.get() > 0 && System.nanoTime() < end) {
            Thread.sleep(1);
        }
        List<String> found = new ArrayList<>();
        for (String next = VIOLATIONS.poll(); next != null; next = VIOLATIONS.poll()) {
            found.add(next);
        }
        if (WAITING.get() > 0) {
            found.add("the checker of the contract does not keep up: " + WAITING + " answers wait for it");
        }
        return found;
    }

    /** A class of its own: whoever submits nothing starts nothing, and leaves the files as they are. */
    private static final class Worker {

        private static final Thread THREAD = start();

        private final Contract contract = Contract.read();
        private final Set<String> met = new HashSet<>();

        private static Thread start() {
            Thread thread = new Thread(() -> new Worker().run(), "contract");
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        private void run() {
            append(MET, null);
            append(BROKEN, null);
            while (true) {
                Exchange exchange = SUBMITTED.poll();
                if (exchange == null) {
                    LockSupport.parkNanos(REST_NANOS);
                } else {
                    try {
                        check(exchange);
                    } catch (RuntimeException | Error e) {
                        VIOLATIONS.add(exchange + ": the check fails: " + e);
                    } finally {
                        WAITING.decrementAndGet();
                    }
                }
            }
        }

        private void check(Exchange exchange) {
            Contract.Verdict verdict = contract.check(exchange, met);
            for (String line : verdict.met()) {
                if (met.add(line)) {
                    append(MET, line);
                }
            }
            for (String violation : verdict.violations()) {
                VIOLATIONS.add(exchange + ": " + violation);
                append(BROKEN, exchange + ": " + violation);
            }
        }

        /** @param line null begins the file anew */
        private static void append(Path file, @org.jspecify.annotations.Nullable String line) {
            try {
                Files.createDirectories(file.getParent());
                if (line == null) {
                    Files.writeString(file, "");
                } else {
                    Files.writeString(file, line + "\n", StandardOpenOption.APPEND);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
