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
                    + " field of its type.",
            "Mend what errors points at: each pointer is a JSON pointer into the body."),
    INVALID_PARAMETER(
            HttpStatus.BAD_REQUEST,
            "A parameter is invalid",
            "A parameter of the path or the query string is unknown, given twice, or has a value that is not allowed.",
            "Look at parameter, which names it, and at detail, which says what is allowed."),
    BAD_REQUEST(
            HttpStatus.BAD_REQUEST,
            "The request is malformed",
            "The request breaks the rules of HTTP, or of one of its headers.",
            "Look at detail; when it names no header, at what lies between the client and the service."),
    UNAUTHORIZED(
            HttpStatus.UNAUTHORIZED,
            "A token is needed",
            "The service wants to know who asks, and the request has no token, or one that is not valid: expired, for"
                    + " another audience, or not signed by who gives tokens here.",
            "Get a token from whoever gives them, and send it as Authorization: Bearer, or sign in on the page."),
    FORBIDDEN(
            HttpStatus.FORBIDDEN,
            "Forbidden",
            "The token is valid and has not the scope that this needs; or the request comes from a page of another"
                    + " origin, which may not make it.",
            "Ask for a token with the scope that detail and WWW-Authenticate name."),
    NOT_FOUND(
            HttpStatus.NOT_FOUND,
            "Not found",
            "There is nothing at this address, or no more.",
            "Compare the address with the list of those there are, at /docs; a row may have been deleted."),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED,
            "Method not allowed",
            "The address does not know this method.",
            "Use one of those that the Allow header lists."),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE,
            "Not acceptable",
            "The address has no form that the Accept header of the request allows.",
            "Ask for one of those that the Accept header of the answer lists, or leave it out."),
    EMAIL_TAKEN(
            HttpStatus.CONFLICT,
            "The email is taken",
            "Another user has this email; emails are unique.",
            "Use another one; or, when the user may be there already, POST /users?on_conflict=email."),
    PRECONDITION_FAILED(
            HttpStatus.PRECONDITION_FAILED,
            "The precondition failed",
            "The row is not, or no longer, the one that If-Match or If-None-Match names.",
            "Read it again, make the change to what it is now, and send that with its new ETag."),
    REQUEST_TIMEOUT(
            HttpStatus.REQUEST_TIMEOUT,
            "The body took too long",
            "The body did not come in time; of an upload, nothing more came for as long, though nothing of it was under way.",
            "Send it again on a connection that is fast enough, with the same Idempotency-Key where it was a POST."),
    TOO_LARGE(
            HttpStatus.CONTENT_TOO_LARGE,
            "The body is too large",
            "A body may have 1 MiB (1,048,576 bytes), an array in it 10,000 elements; a line of NDJSON 1 MiB, too.",
            "Send many rows as lines (application/x-ndjson), of which there may be any number."),
    URI_TOO_LONG(
            HttpStatus.URI_TOO_LONG,
            "The address is too long",
            "The request line may have 16 KiB, and so may that of the next page of a list.",
            "Ask for less at once: fewer values in a condition, or several requests."),
    UNSUPPORTED_MEDIA_TYPE(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            "Unsupported media type",
            "The address does not read bodies of this type, of another charset than UTF-8, or encoded ones.",
            "Say in Content-Type what the body is: one of those that the Accept header of the answer lists."),
    INVALID_VALUE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "A value is invalid",
            "The body is well-formed, but a value is not allowed: blank, too long, not an email, a character that"
                    + " cannot be stored, or the id of no user.",
            "Change the values that errors points at; each detail says what is allowed."),
    IDEMPOTENCY_KEY_REUSED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            "The idempotency key was used before",
            "The Idempotency-Key came before with another request, or with another line at this place of one.",
            "A key is for one request and its retries: give a new request a new one."),
    TOO_MANY_REQUESTS(
            HttpStatus.TOO_MANY_REQUESTS,
            "Too many requests",
            "More requests that change something came from one address within a second than may.",
            "Try again after Retry-After seconds; RateLimit tells how many are left. Many rows go as an array or as lines."),
    HEADERS_TOO_LARGE(
            HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
            "The headers are too large",
            "The headers may have 8 KiB.",
            "Send fewer or shorter ones; a browser's cookies are often the cause."),
    INTERNAL_ERROR(
            HttpStatus.INTERNAL_SERVER_ERROR,
            "Internal error",
            "A fault of the service.",
            "Tell whoever runs it the trace id in detail, under which the log has more. A retry may have the same end."),
    OVERLOADED(
            HttpStatus.SERVICE_UNAVAILABLE,
            "Overloaded",
            "No database connection came free in time, too many requests wait for one already, the statement took too"
                    + " long, or there are as many streams, or subscribers of the feed, as there may be.",
            "Try again after Retry-After seconds, with the same Idempotency-Key where it was a POST."),
    DATABASE_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The database is unavailable",
            "The database does not answer.",
            "Try again after Retry-After seconds, with the same Idempotency-Key where it was a POST."),
    IDENTITY_PROVIDER_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The identity provider is unavailable",
            "The keys that tokens are verified with could not be had from who publishes them.",
            "Try again after Retry-After seconds; the token may be fine."),
    STORAGE_FULL(
            HttpStatus.SERVICE_UNAVAILABLE,
            "The storage is full",
            "The database has no room for more; reading goes on.",
            "Try again once whoever runs the database has made room.");

    private final HttpStatus status;
    private final String title;
    private final String explanation;
    private final String remedy;

    ProblemType(HttpStatus status, String title, String explanation, String remedy) {
        this.status = status;
        this.title = title;
        this.explanation = explanation;
        this.remedy = remedy;
    }

    /** The status of an answer of this type. */
    public HttpStatus status() {
        return status;
    }

    String title() {
        return title;
    }

    /** When it is answered, for the page at {@link #path()}. */
    String explanation() {
        return explanation;
    }

    /** What a client can do about it, for the same. */
    String remedy() {
        return remedy;
    }

    String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The type of an answer that has nothing but a status. */
    static ProblemType of(HttpStatusCode status) {
        return switch (status.value()) {
            case 401 -> UNAUTHORIZED;
            case 403 -> FORBIDDEN;
            case 404 -> NOT_FOUND;
            case 405 -> METHOD_NOT_ALLOWED;
            case 406 -> NOT_ACCEPTABLE;
            case 408 -> REQUEST_TIMEOUT;
            case 413 -> TOO_LARGE;
            case 414 -> URI_TOO_LONG;
            case 415 -> UNSUPPORTED_MEDIA_TYPE;
            case 429 -> TOO_MANY_REQUESTS;
            case 431 -> HEADERS_TOO_LARGE;
            default -> status.is4xxClientError() ? BAD_REQUEST : INTERNAL_ERROR;
        };
    }

    String path() {
        return "/problems/" + slug();
    }
}
