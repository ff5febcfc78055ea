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
    void tellsOfEachLeakButOfParametersThatTheDriverHasMade() {
        String netty = "io.netty.buffer.PooledByteBufAllocator.newDirectBuffer(P.java:385)";
        String ours =
                leak(netty, "dev.postfeed.web.RowBuffer.add(R.java:1)", "io.r2dbc.postgresql.codec.X.y(X.java:1)");
        String drivers =
                leak(netty, netty, "io.r2dbc.postgresql.codec.AbstractNumericCodec.doEncodeNumber(B.java:106)");
        String answer = leak(netty, "io.r2dbc.postgresql.message.backend.DataRow.decode(D.java:1)");
        String line = "2026-11-30T11:11:06.662Z  INFO 1 --- another line\n";
        assertThat(LeakDetector.leaks(line + drivers + line + drivers)).isEmpty();
        assertThat(LeakDetector.leaks(drivers + line + ours + line + answer + drivers))
                .hasSize(2)
                .first()
                .asString()
                .startsWith("LEAK:")
                .contains("RowBuffer")
                .doesNotContain("another line");
    }
}
