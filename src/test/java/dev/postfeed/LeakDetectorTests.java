package dev.postfeed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeakDetectorTests {

    private static final String HEAD =
            "2026-11-30T11:11:06.661Z ERROR 1 --- [postfeed] [x] io.netty.util.ResourceLeakDetector : ";

    private static String leak(String... created) {
        return HEAD + "LEAK: ByteBuf.release() was not called before it's garbage-collected. See the wiki.\n"
                + "Recent access records: \n#1:\n\tio.netty.buffer.AdvancedLeakAwareByteBuf.writeLong(A.java:575)\n"
                + "\tio.r2dbc.postgresql.codec.AbstractNumericCodec.doEncodeNumber(B.java:106)\nCreated at:\n\t"
                + String.join("\n\t", created) + "\n";
    }

    @Test
    void tellsOfEachLeakWithoutTheLinesAfterIt() {
        String netty = "io.netty.buffer.PooledByteBufAllocator.newDirectBuffer(P.java:385)";
        String ours = leak(netty, "dev.postfeed.web.RowBuffer.add(R.java:1)");
        String drivers = leak(netty, "io.r2dbc.postgresql.codec.AbstractNumericCodec.doEncodeNumber(B.java:106)");
        String line = "2026-11-30T11:11:06.662Z  INFO 1 --- another line\n";
        assertThat(LeakDetector.leaks(line + line)).isEmpty();
        assertThat(LeakDetector.leaks(drivers + line + ours + line))
                .hasSize(2)
                .last()
                .asString()
                .startsWith("LEAK:")
                .contains("RowBuffer")
                .doesNotContain("another line");
    }
}
