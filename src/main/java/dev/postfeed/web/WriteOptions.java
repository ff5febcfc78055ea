package dev.postfeed.web;

import dev.postfeed.query.InvalidParameterException;
import dev.postfeed.query.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * How a client wants its rows written, from the query string and the headers.
 *
 * @param onConflict what becomes of a row whose unique column another row has
 * @param lenient whether to go on after a bad line
 * @param minimal whether to leave the rows out of the answer
 * @param handlingAsked whether the client said which handling it prefers
 */
record WriteOptions(OnConflict onConflict, boolean lenient, boolean minimal, boolean handlingAsked) {

    private static final String ON_CONFLICT = "on_conflict";
    private static final String IGNORE = "resolution=ignore-duplicates";
    private static final String MERGE = "resolution=merge-duplicates";
    private static final String LENIENT = "handling=lenient";
    private static final String STRICT = "handling=strict";

    /** @param conflictColumn what {@code on_conflict} may name; null where there is no such parameter */
    static WriteOptions of(ServerRequest request, @Nullable String conflictColumn) {
        Parameters parameters = Parameters.of(
                Parameters.decode(request.uri().getRawQuery()),
                conflictColumn == null ? Set.of() : Set.of(ON_CONFLICT));
        Preferences preferences = Preferences.of(request);
        boolean lenient = preferences.has(LENIENT);
        return new WriteOptions(
                onConflict(parameters.get(ON_CONFLICT), conflictColumn, preferences),
                lenient,
                preferences.has(Preferences.RETURN_MINIMAL),
                lenient || preferences.has(STRICT));
    }

    private static OnConflict onConflict(
            @Nullable String given, @Nullable String conflictColumn, Preferences preferences) {
        if (given == null) {
            return OnConflict.FAIL;
        }
        if (!given.equals(conflictColumn)) {
            throw new InvalidParameterException(ON_CONFLICT, "must be " + conflictColumn);
        }
        if (preferences.has(IGNORE)) {
            return OnConflict.IGNORE;
        }
        if (preferences.has(MERGE)) {
            return OnConflict.MERGE;
        }
        throw new InvalidParameterException(
                ON_CONFLICT, "needs a header that says how: Prefer: " + IGNORE + ", or Prefer: " + MERGE);
    }

    /** {@code Preference-Applied} of an answer that is one document; empty where nothing is to be said. */
    String appliedToDocument() {
        return applied(minimal ? Preferences.RETURN_MINIMAL : null);
    }

    /** The same of one that is a stream of lines. */
    String appliedToLines() {
        return applied(!handlingAsked ? null : lenient ? LENIENT : STRICT);
    }

    private String applied(@Nullable String first) {
        List<String> applied = new ArrayList<>();
        if (first != null) {
            applied.add(first);
        }
        if (onConflict != OnConflict.FAIL) {
            applied.add(onConflict == OnConflict.IGNORE ? IGNORE : MERGE);
        }
        return String.join(", ", applied);
    }
}
