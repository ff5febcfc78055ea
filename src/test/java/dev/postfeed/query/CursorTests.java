package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTests {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, Integer.MAX_VALUE, 1L << 40, Long.MAX_VALUE})
    void isReadAsItWasWritten(long after) {
        Cursor cursor = new Cursor("/posts", after);
        assertThat(Cursor.parse(cursor.format(), "/posts")).isEqualTo(cursor);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 62, 63, 4095, Long.MAX_VALUE})
    void goesIntoAnAddressUnencoded(long after) {
        assertThat(new Cursor("/posts", after).format()).matches("[A-Za-z0-9_-]{16}");
    }

    @Test
    void isOfOneListOnly() {
        String text = new Cursor("/users/1/posts", 42).format();
        for (String other : new String[] {"/users", "/posts", "/users/2/posts", "/users/11/posts", ""}) {
            expectRefused(text, other);
        }
    }

    @Test
    void isRefusedWithAnyBitChanged() {
        byte[] bytes = Base64.getUrlDecoder().decode(new Cursor("/posts", 42).format());
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            expectRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(changed), "/posts");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a", "42", "AAAAAAAAAAAAAAAA", "AAAA AAAA", "\u0663", "\u0000", "AAAA+/AA", "===="})
    void isRefusedWhenMadeUp(String text) {
        expectRefused(text, "/posts");
    }

    @Test
    void isRefusedWhenCutOrProlonged() {
        String text = new Cursor("/posts", 42).format();
        for (int length = 0; length < text.length(); length++) {
            expectRefused(text.substring(0, length), "/posts");
        }
        expectRefused(text + "AAAA", "/posts");
        expectRefused(text + text, "/posts");
        expectRefused(text.repeat(10_000), "/posts");
    }

    @Test
    void isRefusedWhenNegativeEvenIfTheChecksumIsRight() {
        String negative = new Cursor("/posts", -1).format();
        assertThat(ByteBuffer.wrap(Base64.getUrlDecoder().decode(negative)).getLong())
                .isEqualTo(-1);
        expectRefused(negative, "/posts");
    }

    private static void expectRefused(String text, String scope) {
        assertThatThrownBy(() -> Cursor.parse(text, scope))
                .as("%s of %s", text, scope)
                .isInstanceOfSatisfying(InvalidParameterException.class, e -> {
                    assertThat(e.parameter()).isEqualTo("cursor");
                    assertThat(e).hasMessageContaining("is not a cursor of this list");
                });
    }
}
