package dev.postfeed.database;

import io.netty.buffer.ByteBuf;
import io.r2dbc.postgresql.client.EncodedParameter;
import io.r2dbc.postgresql.codec.Codec;
import io.r2dbc.postgresql.message.Format;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values of any type as PostgreSQL has written them. The driver gives them as well, but since none of its codecs does, it
 * asks every one of them again for each value: a twentieth of a read by id.
 */
final class TextCodec implements Codec<String> {

    static final TextCodec INSTANCE = new TextCodec();

    private TextCodec() {}

    @Override
    public boolean canDecode(int dataType, Format format, Class<?> type) {
        return type == String.class && format == Format.FORMAT_TEXT;
    }

    @Override
    public String decode(@Nullable ByteBuf buffer, int dataType, Format format, Class<? extends String> type) {
        return Objects.requireNonNull(buffer).toString(StandardCharsets.UTF_8);
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
