package dev.postfeed.web;

import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Points in time as PostgreSQL writes them, {@code 2026-11-29 02:14:11.5+00}. The driver reads them by a formatter of
 * {@code java.time}, which was 4 % of a read by id.
 */
public final class Times {

    private static final int SECONDS_OF_DAY = 24 * 60 * 60;
    private static final String SHORTEST = "2026-11-29 02:14:11+00";
    private static final int FRACTION = "2026-11-29 02:14:11.".length();
    private static final int NANOS_DIGITS = 9;

    private Times() {}

    /** A value, or null: tables that others made need not have one. */
    public static @Nullable Instant get(Readable row, String column) {
        String text = row.get(column, String.class);
        // Other years, offsets of minutes, infinity: rare, and the driver knows them.
        return text != null && isPlain(text) ? parse(text) : row.get(column, Instant.class);
    }

    /** Of four digits of the year, and with an offset of whole hours. */
    private static boolean isPlain(String text) {
        int sign = text.length() - "+00".length();
        return text.length() >= SHORTEST.length()
                && text.charAt("2026".length()) == '-'
                && (text.charAt(sign) == '+' || text.charAt(sign) == '-')
                && (sign == FRACTION - 1 || text.charAt(FRACTION - 1) == '.');
    }

    private static Instant parse(String text) {
        int sign = text.length() - "+00".length();
        long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                .toEpochDay();
        int offset = number(text, sign + 1, sign + 3) * 3600;
        long second = day * SECONDS_OF_DAY
                + number(text, 11, 13) * 3600
                + number(text, 14, 16) * 60
                + number(text, 17, 19)
                - (text.charAt(sign) == '-' ? -offset : offset);
        int nanos = 0;
        for (int i = FRACTION; i < FRACTION + NANOS_DIGITS; i++) {
            nanos = nanos * 10 + (i < sign ? text.charAt(i) - '0' : 0);
        }
        return Instant.ofEpochSecond(second, nanos);
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
