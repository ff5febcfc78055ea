package dev.postfeed.replica;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the write-ahead log: the timeline, which a promotion ends, and how far on it. To clients it is opaque:
 * {@code 1-16b3748}, hexadecimal.
 *
 * @param timeline from 1 on
 * @param lsn from 1 on
 * @see <a href="https://www.postgresql.org/docs/current/datatype-pg-lsn.html">pg_lsn</a>
 */
record WalPosition(long timeline, long lsn) implements Comparable<WalPosition> {

    private static final int MAX_LENGTH = 8 + 1 + 16;

    private static final Pattern FORM =
            Pattern.compile("([1-9a-f][0-9a-f]{0,7})-([1-9a-f][0-9a-f]{0,14}|[1-7][0-9a-f]{15})");

    private static final Comparator<WalPosition> ORDER =
            Comparator.comparingLong(WalPosition::timeline).thenComparingLong(WalPosition::lsn);

    /** Null for what is none. */
    static @Nullable WalPosition parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? new WalPosition(Long.parseLong(parts.group(1), 16), Long.parseLong(parts.group(2), 16))
                : null;
    }

    /**
     * Whether a server that has replayed up to there has what was written up to here. Not one on another timeline: where
     * that began may be before this place, and then what was written after it is not there.
     */
    boolean isReachedBy(WalPosition replayed) {
        return timeline == replayed.timeline && lsn <= replayed.lsn;
    }

    @Override
    public int compareTo(WalPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return Long.toHexString(timeline) + "-" + Long.toHexString(lsn);
    }
}
