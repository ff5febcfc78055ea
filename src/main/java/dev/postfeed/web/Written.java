package dev.postfeed.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one row of a list: it is stored, or it was refused, or it was left out because of others.
 *
 * @param row as stored; null when it is not
 * @param created whether it is new, not one that was there before
 * @param problem why it was refused; null when it was not
 */
public record Written<R>(
        @Nullable R row, boolean created, @Nullable Problem problem) {

    /** A row that is stored now. */
    public static <R> Written<R> stored(R row, boolean created) {
        return new Written<>(row, created, null);
    }

    /** A row that cannot be stored. */
    public static <R> Written<R> refused(ProblemType type, String pointer, String detail) {
        return new Written<>(null, false, Problem.of(type, List.of(new Problem.Violation(pointer, detail))));
    }

    /** A row that was not stored because others are bad. */
    public static <R> Written<R> leftOut() {
        return new Written<>(null, false, null);
    }
}
