package dev.postfeed;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;

/** Netty's detector, which tells in the log of each buffer that is lost while this is open; what was lost before is told first. */
public final class LeakDetector implements AutoCloseable {

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

    @Override
    public void close() {
        ResourceLeakDetector.setLevel(before);
    }
}
