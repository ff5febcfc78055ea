package dev.postfeed.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * The conditions of a request on the entity tag of a row.
 *
 * @param match the tags of {@code If-Match}, null where there is none
 * @param noneMatch the tags of {@code If-None-Match}, null where there is none
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13">RFC 9110, section 13</a>
 */
record Preconditions(@Nullable List<ETag> match, @Nullable List<ETag> noneMatch) {

    static Preconditions of(ServerRequest request) {
        return new Preconditions(tags(request, HttpHeaders.IF_MATCH), tags(request, HttpHeaders.IF_NONE_MATCH));
    }

    private static @Nullable List<ETag> tags(ServerRequest request, String header) {
        List<String> values = request.headers().header(header);
        return values.isEmpty() ? null : ETag.parse(String.join(",", values));
    }

    /** @throws Problem when the row, which is there, is not the one that the client means */
    void requireMatch(ETag current) {
        if (match != null && match.stream().noneMatch(tag -> tag.isWildcard() || current.compare(tag, true))) {
            throw new Problem(
                    ProblemType.PRECONDITION_FAILED,
                    "the row is " + current.formattedTag() + ", not one that If-Match names");
        }
    }

    /** @throws Problem when the row, which is there, is not to be changed */
    void require(ETag current) {
        requireMatch(current);
        if (isKnown(current)) {
            throw new Problem(
                    ProblemType.PRECONDITION_FAILED,
                    "the row is " + current.formattedTag() + ", which If-None-Match names");
        }
    }

    /** Whether the client has this very row already. */
    boolean isKnown(ETag current) {
        return noneMatch != null && noneMatch.stream().anyMatch(tag -> tag.isWildcard() || current.compare(tag, false));
    }
}
