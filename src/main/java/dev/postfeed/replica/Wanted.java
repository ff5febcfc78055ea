package dev.postfeed.replica;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * What a read has to see, as its context says it. Nothing said is what is recent.
 *
 * @param position what was written up to there; null where that does not matter
 * @param primary whether all that is acknowledged, which only the primary has for certain
 */
record Wanted(@Nullable WalPosition position, boolean primary) {

    /** Of the header, and of the answer where there is no position. */
    static final String NOW = "now";

    private static final Wanted RECENT = new Wanted(null, false);
    private static final Wanted ALL = new Wanted(null, true);

    static Wanted of(ContextView context) {
        return context.<Wanted>getOrEmpty(Wanted.class).orElse(RECENT);
    }

    /** Reads with this see all that is acknowledged. */
    static ContextView all() {
        return Context.of(Wanted.class, ALL);
    }

    /** Reads with this see what was written up to there. */
    static ContextView upTo(WalPosition position) {
        return Context.of(Wanted.class, new Wanted(position, false));
    }

    /** The same by its text; null for what is neither a position nor {@link #NOW}. */
    static @Nullable ContextView parse(String text) {
        if (text.equals(NOW)) {
            return all();
        }
        WalPosition position = WalPosition.parse(text);
        return position == null ? null : upTo(position);
    }
}
