package dev.postfeed.database;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.r2dbc.postgresql.client.EncodedParameter;
import io.r2dbc.postgresql.codec.Codec;
import io.r2dbc.postgresql.message.Format;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values of any type as PostgreSQL has written them. The driver gives them as well, but since none of its codecs does, it
 * asks every one of them again for each value: a twentieth of a read by id. And the bytes of such a text, for whoever only
 * passes it on.
 *
 * @param <T> a string, or an array of bytes in UTF-8
 */
final class TextCodec<T> implements Codec<T> {

    static final Codec<String> STRING =
            new TextCodec<>(String.class, buffer -> buffer.toString(StandardCharsets.UTF_8));
    static final Codec<byte[]> BYTES = new TextCodec<>(byte[].class, ByteBufUtil::getBytes);

    private final Class<T> type;
    private final Function<ByteBuf, T> read;

    private TextCodec(Class<T> type, Function<ByteBuf, T> read) {
        this.type = type;
        this.read = read;
    }

    @Override
    public boolean canDecode(int dataType, Format format, Class<?> type) {
        return type == this.type && format == Format.FORMAT_TEXT;
    }

    @Override
    public T decode(@Nullable ByteBuf buffer, int dataType, Format format, Class<? extends T> type) {
        return read.apply(Objects.requireNonNull(buffer));
    }

    @Override
    public boolean canEncode(Object value) {
        return false;
    }

    @Override
    public EncodedParameter encode(Object value) {
        throw new UnsupportedOperationException("the driver's own codecs do");
    }

    @Override
    public EncodedParameter encode(Object value, int dataType) {
        throw new UnsupportedOperationException("the driver's own codecs do");
    }

    @Override
    public boolean canEncodeNull(Class<?> type) {
        return false;
    }

    @Override
    public EncodedParameter encodeNull() {
        throw new UnsupportedOperationException("the driver's own codecs do");
    }
}
