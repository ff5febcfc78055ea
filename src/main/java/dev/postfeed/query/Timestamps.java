package dev.postfeed.query;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Points in time as text: those that clients write (ISO 8601), and one canonical form for PostgreSQL, in UTC and with
 * the era, which it reads whatever the session's {@code TimeZone} and {@code DateStyle}.
 */
final class Timestamps {

    static final String ALLOWED = "an ISO 8601 date or date-time from year 0001 to 9999, as in 2026-11-22 or"
            + " 2026-11-22T10:00:00.5+02:00 (the + written %2B; without an offset it is UTC), infinity or -infinity";

    private static final Pattern INFINITE = Pattern.compile("-?infinity");

    private static final Pattern ISO = Pattern.compile("(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
            + "(?:[T ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(?::(?<second>[0-9]{2})(?:\\.(?<fraction>[0-9]{1,6}))?)?"
            + "(?:Z|(?<sign>[+-])(?<hours>[0-9]{2})(?::(?<minutes>[0-9]{2}))?)?)?");

    private static final Pattern CANONICAL = Pattern.compile("(?<year>[0-9]{4,6})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
            + " (?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})\\.(?<fraction>[0-9]{6})\\+00 (?<era>AD|BC)");

    /** As PostgreSQL writes it; the offset of long ago has seconds. */
    private static final Pattern PLAIN = Pattern.compile("(?<year>[0-9]{4,6})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
            + " (?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\\.(?<fraction>[0-9]{1,6}))?"
            + "(?<sign>[+-])(?<hours>[0-9]{2})(?::(?<minutes>[0-9]{2}))?(?::(?<seconds>[0-9]{2}))?(?<era> BC)?");

    private static final byte[] UTC_OFFSET = {'+', '0', '0'};

    /** PostgreSQL's own; Java allows 18 hours. */
    private static final int MAX_OFFSET_HOURS = 15;

    /** The last whole years on both sides of PostgreSQL's range. */
    private static final int LAST_YEAR = 294276;

    private static final int FIRST_YEAR_BC = 4713;

    private Timestamps() {}

    /** The canonical form of what a client wrote, or null where that is no point in time. */
    static @Nullable String parse(String text) {
        if (INFINITE.matcher(text).matches()) {
            return text;
        }
        Matcher iso = ISO.matcher(text);
        if (!iso.matches() || iso.group("year").equals("0000")) {
            return null;
        }
        try {
            LocalDateTime local = time(iso, number(iso, "year"));
            int offset = number(iso, "hours") * 60 + number(iso, "minutes");
            if (number(iso, "hours") > MAX_OFFSET_HOURS || number(iso, "minutes") > 59) {
                return null;
            }
            return canonical(local.plusMinutes("-".equals(iso.group("sign")) ? offset : -offset));
        } catch (DateTimeException e) {
            return null; // no such day or time
        }
    }

    /** Whether PostgreSQL could have written this by {@link #canonicalSql}: it takes it back without an error. */
    static boolean isCanonical(String text) {
        if (INFINITE.matcher(text).matches()) {
            return true;
        }
        Matcher canonical = CANONICAL.matcher(text);
        if (!canonical.matches()) {
            return false;
        }
        int year = number(canonical, "year");
        boolean before = canonical.group("era").equals("BC");
        if (year == 0 || year > (before ? FIRST_YEAR_BC : LAST_YEAR)) {
            return false;
        }
        try {
            return canonical(time(canonical, before ? 1 - year : year)).equals(text);
        } catch (DateTimeException e) {
            return false;
        }
    }

    /** The canonical form of a column. to_char answers null for the infinite ones. */
    static String canonicalSql(String column) {
        return toChar(column, "YYYY-MM-DD HH24:MI:SS.US\"+00\" BC");
    }

    /** What clients get: ISO 8601 in UTC with six digits of the second, infinity, or -infinity. */
    static String isoSql(String column) {
        return toChar(column, "YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"");
    }

    /**
     * What {@link #isoSql} is of a value as PostgreSQL writes it by itself, which costs it least.
     *
     * @param plain in the style ISO, as in {@code 2026-11-22 10:30:00.12+00}; fastest where the time zone is UTC
     */
    static byte[] iso(byte[] plain) {
        int end = plain.length - UTC_OFFSET.length;
        if (end < 0 || !Arrays.equals(plain, end, plain.length, UTC_OFFSET, 0, UTC_OFFSET.length)) {
            return isoOfAny(new String(plain, US_ASCII)).getBytes(US_ASCII);
        }
        int time = end;
        while (plain[time] != ' ') {
            time--;
        }
        int fraction = time + " 10:30:00".length();
        byte[] iso = Arrays.copyOf(plain, fraction + ".000000Z".length());
        iso[time] = 'T';
        Arrays.fill(iso, end, iso.length - 1, (byte) '0'); // PostgreSQL leaves out zeros at the end.
        iso[fraction] = '.';
        iso[iso.length - 1] = 'Z';
        return iso;
    }

    private static String isoOfAny(String plain) {
        String canonical = canonical(plain);
        int date = canonical.indexOf(' ');
        return date < 0
                ? canonical
                : canonical.substring(0, date) + 'T' + canonical.substring(date + 1, canonical.indexOf('+')) + 'Z';
    }

    /** What {@link #canonicalSql} is of such a value, in whatever time zone. */
    static String canonical(String plain) {
        if (INFINITE.matcher(plain).matches()) {
            return plain;
        }
        Matcher text = PLAIN.matcher(plain);
        if (!text.matches()) {
            throw new IllegalArgumentException("not a time in the style ISO: " + plain);
        }
        int year = number(text, "year");
        int offset = (number(text, "hours") * 60 + number(text, "minutes")) * 60 + number(text, "seconds");
        return canonical(time(text, text.group("era") == null ? year : 1 - year)
                .plusSeconds("-".equals(text.group("sign")) ? offset : -offset));
    }

    private static String toChar(String column, String format) {
        return "coalesce(to_char(%1$s at time zone 'UTC', '%2$s'), %1$s::text)".formatted(column, format);
    }

    private static LocalDateTime time(Matcher text, int year) {
        String fraction = text.group("fraction");
        int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
        return LocalDateTime.of(
                year,
                number(text, "month"),
                number(text, "day"),
                number(text, "hour"),
                number(text, "minute"),
                number(text, "second"),
                nanos);
    }

    private static int number(Matcher text, String group) {
        String digits = text.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static String canonical(LocalDateTime utc) {
        int year = utc.getYear();
        return String.format(
                Locale.ROOT,
                "%04d-%02d-%02d %02d:%02d:%02d.%06d+00 %s",
                year > 0 ? year : 1 - year,
                utc.getMonthValue(),
                utc.getDayOfMonth(),
                utc.getHour(),
                utc.getMinute(),
                utc.getSecond(),
                utc.toInstant(ZoneOffset.UTC).getNano() / 1000,
                year > 0 ? "AD" : "BC");
    }
}
