package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeysetCursorTests {

    private static final Order ID = Order.parse(Table.POSTS, "id");
    private static final Order ALL = Order.parse(Table.POSTS, "content,user_id,created_at,id");
    private static final Position POSITION =
            new Position(Arrays.asList("ü😀\u2028\n", null, "2026-11-22 00:00:00.000000+00 AD", "42"), 100);

    @Test
    void isReadAsItWasWritten() {
        expectBack(POSITION, ALL);
        expectBack(new Position(List.of("", "-7", "-infinity", "9223372036854775807"), Long.MAX_VALUE), ALL);
        expectBack(new Position(Arrays.asList(null, null, "0044-03-15 00:00:00.000000+00 BC", "0"), 0), ALL);
        expectBack(new Position(List.of("😀".repeat(500), "1", "infinity", "1"), 1), ALL);
    }

    private static void expectBack(Position position, Order order) {
        String text = KeysetCursor.format(position, "scope");
        assertThat(text).matches("[A-Za-z0-9_-]{20,3000}");
        assertThat(KeysetCursor.parse(text, "scope", order)).isEqualTo(position);
    }

    @Test
    void isOfOneScopeOnly() {
        String text = KeysetCursor.format(POSITION, "/posts\n()\nid.asc");
        for (String other : List.of("", "/posts", "/posts\n()\nid.desc", "/posts\n()\nid.asc ", "/posts()\nid.asc")) {
            expectRefused(text, other, ALL);
        }
    }

    @Test
    void isRefusedWithAnyBitChanged() {
        byte[] bytes = Base64.getUrlDecoder().decode(KeysetCursor.format(POSITION, "scope"));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            expectRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(changed), "scope", ALL);
        }
    }

    @Test
    void isRefusedWhenCutOrProlonged() {
        String text = KeysetCursor.format(POSITION, "scope");
        for (int length = 0; length < text.length(); length++) {
            expectRefused(text.substring(0, length), "scope", ALL);
        }
        for (String more : List.of("A", "AA", "AAAA", "=", "==", text, text.repeat(1000))) {
            expectRefused(text + more, "scope", ALL);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a", "42", "AAAAAAAAAAAAAAAAAAAAAAAA", "AAAA+/AA", "\u0663", "\u0000", "====", "\uD800"
            })
    void isRefusedWhenMadeUp(String text) {
        expectRefused(text, "scope", ID);
    }

    /** The checksum is no secret. */
    @Test
    void isRefusedWhenForgedWithTheRightChecksum() {
        for (String id : Arrays.asList(null, "", "a", "1.5", "9223372036854775808", "1;drop table posts", "٣", " 1")) {
            expectRefused(KeysetCursor.format(new Position(Arrays.asList(id), 1), "scope"), "scope", ID);
        }
        for (String time : Arrays.asList(
                null,
                "",
                "now",
                "2026-11-22",
                "2026-02-30 00:00:00.000000+00 AD",
                "294277-01-01 00:00:00.000000+00 AD",
                "4714-01-01 00:00:00.000000+00 BC")) {
            expectRefused(forged("a", "1", time, "1"), "scope", ALL);
        }
        expectRefused(forged("\u0000", "1", "infinity", "1"), "scope", ALL);
        expectRefused(forged("a", "x", "infinity", "1"), "scope", ALL);
        expectRefused(KeysetCursor.format(new Position(List.of("1"), -1), "scope"), "scope", ID);
        expectRefused(KeysetCursor.format(new Position(List.of(), 1), "scope"), "scope", ID);
        expectRefused(KeysetCursor.format(new Position(List.of("1", "1"), 1), "scope"), "scope", ID);
        // A length that is none, one that is too great, and bytes that are no UTF-8.
        expectRefused(forged(-2, new byte[0]), "scope", ID);
        expectRefused(forged(Integer.MAX_VALUE, new byte[] {'1'}), "scope", ID);
        expectRefused(forged(Integer.MIN_VALUE, new byte[] {'1'}), "scope", ID);
        expectRefused(forged(2, new byte[] {(byte) 0xC3, 'x'}), "scope", Order.parse(Table.USERS, "email"));
        expectRefused(
                forged(3, new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}),
                "scope",
                Order.parse(Table.USERS, "email"));
        assertThat(KeysetCursor.parse(forged(1, new byte[] {'1'}), "scope", ID))
                .isEqualTo(new Position(List.of("1"), 7));
    }

    private static String forged(String... key) {
        return KeysetCursor.format(new Position(Arrays.asList(key), 1), "scope");
    }

    private static String forged(int length, byte[] value) {
        ByteBuffer bytes = ByteBuffer.allocate(16 + value.length);
        bytes.putInt(0).putLong(7).putInt(length).put(value);
        CRC32 crc = new CRC32();
        crc.update("scope".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        crc.update(bytes.array(), 4, bytes.capacity() - 4);
        bytes.putInt(0, (int) crc.getValue());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    @Test
    void bytesAtRandomAreRefused() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            expectRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), "scope", ALL);
        }
    }

    private static void expectRefused(String text, String scope, Order order) {
        assertThatThrownBy(() -> KeysetCursor.parse(text, scope, order))
                .as("%s of %s", text, scope)
                .isInstanceOfSatisfying(InvalidParameterException.class, e -> {
                    assertThat(e.parameter()).isEqualTo("cursor");
                    assertThat(e).hasMessageContaining("is not a cursor of this list");
                });
    }
}
