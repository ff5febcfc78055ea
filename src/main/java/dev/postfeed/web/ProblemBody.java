package dev.postfeed.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that is a problem, its members in the order of RFC 9457.
 *
 * @param instance the path that was asked for; null where the request had none that could be read
 * @param errors the places in the request's body
 * @param parameter the parameter that is invalid
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record ProblemBody(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        List<Problem.Violation> errors,
        @Nullable String parameter) {

    static ProblemBody of(
            ProblemType type,
            @Nullable String detail,
            @Nullable String instance,
            List<Problem.Violation> errors,
            @Nullable String parameter) {
        return new ProblemBody(type.path(), type.title(), type.status().value(), detail, instance, errors, parameter);
    }

    /** For where the path says nothing: the problem of a line. */
    ProblemBody withoutInstance() {
        return new ProblemBody(type, title, status, detail, null, errors, parameter);
    }
}
