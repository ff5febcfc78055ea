package dev.postfeed;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Netty's detector, which tells in the log of each buffer that is lost while this is open; what was lost before is told first. */
public final class LeakDetector implements AutoCloseable {

    /** Up to the next line that begins with a time. */
    private static final Pattern LEAK = Pattern.compile("LEAK: .*(\\R(?!\\d{4}-\\d\\d-).*)*+");

    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();

    public LeakDetector() throws InterruptedException {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        tell();
    }

    /** It tells of what the collector has found, when a buffer is made. */
    public static void tell() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            System.gc();
            Thread.sleep(100);
            for (int buffers = 0; buffers < 100; buffers++) {
                ByteBufAllocator.DEFAULT.directBuffer().release();
            }
        }
    }

    /** What it has told in a log. */
    public static List<String> leaks(String log) {
        return LEAK.matcher(log).results().map(MatchResult::group).toList();
    }

    @Override
    public void close() {
        ResourceLeakDetector.setLevel(before);
    }
}
