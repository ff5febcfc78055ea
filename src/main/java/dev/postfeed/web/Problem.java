package dev.postfeed.web;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that is a problem, thrown from wherever it is found. */
public final class Problem extends RuntimeException {

    /**
     * One place in the body and what is wrong there.
     *
     * @param pointer a JSON pointer (RFC 6901) into the body; empty for the body as a whole
     */
    public record Violation(String pointer, String detail) {}

    private final ProblemType type;
    private final List<Violation> errors;

    /** A problem of no place in the body. */
    public Problem(ProblemType type, String detail) {
        this(type, detail, List.of(), null);
    }

    /**
     * A problem in full.
     *
     * @param detail of this occurrence, for the client to read
     * @param errors the places in the body, empty where it is not about these
     * @param cause for the log
     */
    public Problem(ProblemType type, String detail, List<Violation> errors, @Nullable Throwable cause) {
        super(detail, cause, false, false);
        this.type = type;
        this.errors = errors;
    }

    /** A problem of the body whose errors say it all. */
    static Problem of(ProblemType type, List<Violation> errors) {
        Violation first = errors.get(0);
        String detail = first.pointer().isEmpty() ? first.detail() : first.pointer() + " " + first.detail();
        return new Problem(type, detail, errors, null);
    }

    /** What kind of problem it is. */
    public ProblemType type() {
        return type;
    }

    /** The places in the body, empty where it is not about these. */
    public List<Violation> errors() {
        return errors;
    }
}
