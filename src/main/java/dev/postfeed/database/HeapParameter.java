package dev.postfeed.database;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.r2dbc.postgresql.client.EncodedParameter;
import io.r2dbc.postgresql.codec.Codec;
import io.r2dbc.postgresql.codec.DefaultCodecs;
import io.r2dbc.postgresql.message.Format;
import org.jspecify.annotations.Nullable;

/**
 * A statement's parameter that the driver encodes into memory of the heap. By itself it takes Netty's, which it never gives back
 * where a statement is cancelled, or its connection lost, before it is sent. 1.1.3 gives more of it back, and there an event loop
 * can turn in {@code ReactorNettyClient.BackendMessageSubscriber.close} for ever when the server restarts.
 *
 * @param value what it would be without this
 * @see <a href="https://github.com/pgjdbc/r2dbc-postgresql/issues/734">r2dbc-postgresql #734</a>
 */
record HeapParameter(Object value) {

    /** How the driver encodes these. */
    static final Codec<HeapParameter> CODEC = new HeapCodec();

    /** The driver writes it to its log of parameters. */
    @Override
    public String toString() {
        return value.toString();
    }

    private static final class HeapCodec implements Codec<HeapParameter> {

        private final DefaultCodecs codecs = new DefaultCodecs(new UnpooledByteBufAllocator(false, true));

        @Override
        public boolean canEncode(Object value) {
            return value instanceof HeapParameter;
        }

        @Override
        public EncodedParameter encode(Object value) {
            return codecs.encode(((HeapParameter) value).value());
        }

        @Override
        public EncodedParameter encode(Object value, int dataType) {
            throw new UnsupportedOperationException("its type is that of what it holds");
        }

        @Override
        public boolean canEncodeNull(Class<?> type) {
            return false;
        }

        @Override
        public EncodedParameter encodeNull() {
            throw new UnsupportedOperationException("it holds something");
        }

        @Override
        public boolean canDecode(int dataType, Format format, Class<?> type) {
            return false;
        }

        @Override
        public @Nullable HeapParameter decode(
                @Nullable ByteBuf buffer, int dataType, Format format, Class<? extends HeapParameter> type) {
            throw new UnsupportedOperationException("the server sends none");
        }
    }
}
