package dev.postfeed.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Writes down how each test that {@link Covers} marks ended, for {@link FaultCheck}. Registered for all tests. */
public class FaultRecorder implements TestWatcher {

    static final Path RAN = Path.of("target", "faults", "ran.txt");

    /** Whoever records nothing leaves the file as it is. */
    private static boolean begun;

    @Override
    public void testSuccessful(ExtensionContext context) {
        record(context, "passed");
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        record(context, "failed");
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        record(context, "skipped");
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        record(context, "skipped");
    }

    private static synchronized void record(ExtensionContext context, String result) {
        var method = context.getTestMethod().orElse(null);
        if (method == null
                || CoveringTest.faults(context.getRequiredTestClass(), method).isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(RAN.getParent());
            if (!begun) {
                Files.writeString(RAN, "");
                begun = true;
            }
            Files.writeString(
                    RAN,
                    CoveringTest.name(context.getRequiredTestClass(), method) + " " + result + "\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
