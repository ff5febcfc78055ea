package dev.postfeed.web;

import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/**
 * The errors that Postfeed answers with, and nothing else. {@code type} of a problem is {@code /problems/<name>}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details for HTTP APIs</a>
 */
public enum ProblemType {
    MALFORMED_BODY(
            HttpStatus.BAD_REQUEST,
            "The body is malformed",
            "The body is not JSON as the service reads it: UTF-8, one value, no duplicate and no unknown field, each"
                    + " field of its type. errors says where."),
    INVALID_PARAMETER(
            HttpStatus.BAD_REQUEST,
            "A parameter is invalid",
            "A parameter of the path or the query string is unknown, given twice, or has a value that is not allowed;"
                    + " parameter names it."),
    BAD_REQUEST(
            HttpStatus.BAD_REQUEST,
            "The request is malformed",
            "The request breaks the rules of HTTP, or of one of its headers."),
    NOT_FOUND(HttpStatus.NOT_FOUND, "Not found", "There is nothing at this address, or no more."),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED,
            "Method not allowed",
            "The address does not know this method; the Allow header lists those it knows."),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE, "Not acceptable", "The address has no form that the Accept header allows."),
    EMAIL_TAKEN(HttpStatus.CONFLICT, "The email is taken", "Another user has this email; emails are unique."),
    PRECONDITION_FAILED(
            HttpStatus.PRECONDITION_FAILED,
            "The precondition failed",
            "The row is not, or no longer, the one that If-Match or If-None-Match names; read it again."),
    TOO_LARGE(
            HttpStatus.CONTENT_TOO_LARGE,
            "The body is too large",
            "A body may have 1 MiB (1,048,576 bytes), an array in it 10,000 elements; a line of NDJSON 1 MiB, too, and"
                    + " there may be any number of lines."),
    URI_TOO_LONG(
            HttpStatus.URI_TOO_LONG,
            "The address is too long",
            "The request line may have 16 KiB, and so may that of the next page of a list."),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "Unsupported media type",
            "The address does not read bodies of this type; the Accept header lists those it reads."),
    INVALID_VALUE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "A value is invalid",
            "The body is well-formed, but a value is not allowed: blank, too long, not an email, a character that"
                    + " cannot be stored, or the id of no user. errors says where."),
    IDEMPOTENCY_KEY_REUSED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The idempotency key was used before",
            "The Idempotency-Key came before with another request, or with another line at this place of one. A key is"
                    + " for one request and its retries: give a new request a new one."),
    HEADERS_TOO_LARGE(
            HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large", "The headers may have 8 KiB."),
    INTERNAL_ERROR(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "Internal error",
            "A fault of the service. The detail has a trace id, under which the log tells more."),
    OVERLOADED(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Overloaded",
            "No database connection came free in time, too many requests wait for one already, the statement took too"
                    + " long, or the feed has as many subscribers as it may have. Try again after Retry-After seconds."),
    DATABASE_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The database is unavailable",
            "The database does not answer. Try again after Retry-After seconds."),
    STORAGE_FULL(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The storage is full",
            "The database has no room for more; reading goes on.");

    private final HttpStatus status;
    private final String title;
    private final String explanation;

    ProblemType(HttpStatus status, String title, String explanation) {
        this.status = status;
        this.title = title;
        this.explanation = explanation;
    }

    /** The status of an answer of this type. */
    public HttpStatus status() {
        return status;
    }

    String title() {
        return title;
    }

    /** What it means and what to do, for the page at {@link #path()}. */
    String explanation() {
        return explanation;
    }

    String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The type of an answer that has nothing but a status. */
    static ProblemType of(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 413 -> TOO_LARGE;
            case 414 -> URI_TOO_LONG;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 431 -> HEADERS_TOO_LARGE;
            default -> status.is4xxClientError() ? BAD_REQUEST : INTERNAL_ERROR;
        };
    }

    String path() {
        return "/problems/" + slug();
    }
}
