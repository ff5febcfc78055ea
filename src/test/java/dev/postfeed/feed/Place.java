package dev.postfeed.feed;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a subscriber is to go on, and what must not be lost from there.
 *
 * @param position {@code now}, {@code earliest}, or one that a node gave
 * @param known what was had on the way to it
 * @param since whose commit was sent after this must come, unless it is known: {@link System#nanoTime};
 *     {@link Long#MIN_VALUE} for all posts, {@link Long#MAX_VALUE} when it is still to be said
 * @param exact whether no known post may come again: no position on the way was merged
 * @param visit where the position came from; null where from no stream
 * @param size how many posts had come there
 */
record Place(
        String position,
        BitSet known,
        long since,
        boolean exact,
        @Nullable Visit visit,
        int size) {

    static final String NOW = "now";
    static final String EARLIEST = "earliest";

    private static final int MOST_RANGES = 32;

    /** When there are more than fit they are merged to this many at least, so that some posts come again. */
    private static final int MERGED_RANGES = 16;

    static Place now() {
        return new Place(NOW, new BitSet(), Long.MAX_VALUE, true, null, 0);
    }

    static Place earliest() {
        return new Place(EARLIEST, new BitSet(), Long.MIN_VALUE, true, null, 0);
    }

    boolean isNow() {
        return position.equals(NOW);
    }

    /** How many ranges of open ids a position has, or -1 when it is none. */
    static int ranges(String position) {
        if (!position.matches("[0-9]+(-[0-9]+(_[0-9]+)?(\\.[0-9]+(_[0-9]+)?)*)?(~[0-9]+)?")) {
            return -1;
        }
        int dash = position.indexOf('-');
        return dash < 0 ? 0 : position.substring(dash).split("\\.").length;
    }

    /** Of a position. */
    static int timeline(String position) {
        int tilde = position.indexOf('~');
        return tilde < 0 ? 1 : Integer.parseInt(position.substring(tilde + 1));
    }

    /** What is left of what was known, at a position that is cut; one that is written coarser brings some of it again. */
    static BitSet knownAt(String position, BitSet known) {
        int highest = Integer.parseInt(position.replaceFirst("[-~].*", ""));
        return known.get(0, highest + 1);
    }

    static boolean isExact(String position) {
        return ranges(position) < MERGED_RANGES;
    }

    static boolean isValid(String position) {
        int ranges = ranges(position);
        return ranges >= 0 && ranges <= MOST_RANGES;
    }
}
