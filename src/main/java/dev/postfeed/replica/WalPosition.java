package dev.postfeed.replica;

import io.r2dbc.spi.Readable;
import java.util.Comparator;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in the write-ahead log: whose it is, the timeline, which a promotion ends, and how far on it. To clients it is
 * opaque: {@code 6af1c0-1-16b3748}, hexadecimal.
 *
 * @param database tells a database from others, on whatever servers; the same on a replica
 * @param timeline from 1 on
 * @param lsn from 1 on
 * @see <a href="https://www.postgresql.org/docs/current/datatype-pg-lsn.html">pg_lsn</a>
 */
record WalPosition(long database, long timeline, long lsn) implements Comparable<WalPosition> {

    private static final int MAX_LENGTH = 16 + 1 + 8 + 1 + 16;

    private static final Pattern FORM = Pattern.compile(
            "([1-9a-f][0-9a-f]{0,15})-([1-9a-f][0-9a-f]{0,7})-([1-9a-f][0-9a-f]{0,14}|[1-7][0-9a-f]{15})");

    /** A column: of a cluster's databases, by what a standby shares with its primary. */
    static final String DATABASE = """
            (select c.system_identifier # d.oid::bigint from pg_control_system() c, pg_database d
                where d.datname = current_database()) as database""";

    private static final Comparator<WalPosition> ORDER =
            Comparator.comparingLong(WalPosition::timeline).thenComparingLong(WalPosition::lsn);

    /** Null for what is none. */
    static @Nullable WalPosition parse(String text) {
        if (text.length() > MAX_LENGTH) {
            return null;
        }
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? new WalPosition(
                        Long.parseUnsignedLong(parts.group(1), 16),
                        Long.parseLong(parts.group(2), 16),
                        Long.parseLong(parts.group(3), 16))
                : null;
    }

    /**
     * Whether a server that has replayed up to there has what was written up to here. Not one on another timeline: where
     * that began may be before this place, and then what was written after it is not there.
     */
    boolean isReachedBy(WalPosition replayed) {
        return isOfOnePast(replayed) && lsn <= replayed.lsn;
    }

    /** Whether there is one way on which both lie. */
    boolean isOfOnePast(WalPosition other) {
        return database == other.database && timeline == other.timeline;
    }

    /** Out of a row that has {@link #DATABASE}, a timeline, and this column. */
    static WalPosition of(Readable row, String lsn) {
        return new WalPosition(
                Objects.requireNonNull(row.get("database", Long.class)),
                Objects.requireNonNull(row.get("timeline", Long.class)),
                Objects.requireNonNull(row.get(lsn, Long.class)));
    }

    @Override
    public int compareTo(WalPosition other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return Long.toHexString(database) + "-" + Long.toHexString(timeline) + "-" + Long.toHexString(lsn);
    }
}
