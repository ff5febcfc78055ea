package dev.postfeed;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails the test during which a thread that must not block did, whoever saw the error. */
public class NoBlockingCalls implements AfterEachCallback {

    private static final Queue<Throwable> CALLS = new ConcurrentLinkedQueue<>();

    static void report(Throwable call) {
        CALLS.add(call);
    }

    /** The blocking calls since this was asked last. */
    static List<Throwable> take() {
        List<Throwable> taken = new ArrayList<>();
        for (Throwable call = CALLS.poll(); call != null; call = CALLS.poll()) {
            taken.add(call);
        }
        return taken;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<Throwable> calls = take();
        if (!calls.isEmpty()) {
            throw new AssertionError(calls.size() + " blocking calls on event loops, the first:", calls.get(0));
        }
    }
}
