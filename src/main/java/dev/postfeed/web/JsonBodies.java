package dev.postfeed.web;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.data.util.ParsingUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads bodies strictly: media type, size, UTF-8, JSON, fields, types, values, in this order; nothing is guessed. What
 * does not fit is a {@link Problem} that says where.
 */
@Component
public class JsonBodies {

    static final MediaType MERGE_PATCH = MediaType.valueOf("application/merge-patch+json");

    /** Bytes. */
    static final int MAX_SIZE = 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(JsonBodies.class);

    private final JsonMapper json;
    private final Validator validator;

    JsonBodies(JsonMapper json, Validator validator) {
        this.json = json;
        this.validator = validator;
    }

    /**
     * Reads a body once at start: what Jackson and the validator find out about a type, they find out under locks, which
     * have no place on an event loop.
     */
    void prepare(Class<?> type) {
        try {
            valid(value(parse(ByteBuffer.wrap("{}".getBytes(StandardCharsets.UTF_8))), type), field -> true);
        } catch (Problem e) {
            log.debug("{} is ready: {}", type.getSimpleName(), e.getMessage());
        }
    }

    /** The body as a value of its type, valid. */
    <B> Mono<B> read(ServerRequest request, Class<B> type) {
        return tree(request, MediaType.APPLICATION_JSON).map(tree -> valid(value(tree, type), field -> true));
    }

    /**
     * The body as a merge patch of such a value: known fields of the right types with valid values, null where it
     * clears. What the patch leaves alone may be what another program wrote, and is not judged.
     */
    Mono<ObjectNode> readPatch(ServerRequest request, Class<?> type) {
        return tree(request, MERGE_PATCH).map(tree -> {
            valid(value(tree, type), field -> tree.has(field));
            return (ObjectNode) tree;
        });
    }

    /**
     * Applies a merge patch: what is absent is kept, what is null is cleared.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396</a>
     */
    <B> B merge(B body, ObjectNode patch, Class<B> type) {
        ObjectNode merged = json.valueToTree(body);
        merged.setAll(patch);
        return value(merged, type);
    }

    byte[] write(Object value) {
        return json.writeValueAsBytes(value);
    }

    private Mono<JsonNode> tree(ServerRequest request, MediaType expected) {
        requireMediaType(request, expected);
        if (request.headers().contentLength().orElse(0) > MAX_SIZE) {
            return Mono.error(tooLarge());
        }
        return DataBufferUtils.join(request.exchange().getRequest().getBody(), MAX_SIZE)
                .onErrorMap(DataBufferLimitException.class, e -> tooLarge())
                // Said of the client here, since further on it would be the database's.
                .onErrorMap(IOException.class, e -> new AbortedException("the client has gone"))
                .map(buffer -> {
                    try {
                        byte[] bytes = new byte[buffer.readableByteCount()];
                        buffer.read(bytes);
                        return ByteBuffer.wrap(bytes);
                    } finally {
                        DataBufferUtils.release(buffer);
                    }
                })
                .defaultIfEmpty(ByteBuffer.allocate(0))
                .map(this::parse);
    }

    private static void requireMediaType(ServerRequest request, MediaType expected) {
        if (request.headers().header(HttpHeaders.CONTENT_ENCODING).stream().anyMatch(c -> !c.equals("identity"))) {
            throw new UnsupportedMediaTypeStatusException("Content-Encoding is not supported", List.of(expected));
        }
        MediaType given;
        try {
            given = request.headers().contentType().orElse(MediaType.APPLICATION_OCTET_STREAM);
        } catch (InvalidMediaTypeException e) {
            throw new UnsupportedMediaTypeStatusException(e.getMessage(), List.of(expected));
        }
        boolean utf8 = given.getCharset() == null || given.getCharset().equals(StandardCharsets.UTF_8);
        if (!given.equalsTypeAndSubtype(expected) || !utf8) {
            throw new UnsupportedMediaTypeStatusException(given, List.of(expected), null, request.method());
        }
    }

    private JsonNode parse(ByteBuffer bytes) {
        String text;
        try {
            // Jackson would guess UTF-16 and UTF-32 too, and let some malformed UTF-8 pass.
            text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw malformed("", "is not UTF-8 at byte " + bytes.position(), e);
        }
        try {
            JsonNode tree = json.readTree(text);
            if (tree.isMissingNode()) {
                throw malformed("", "is empty", null);
            }
            return tree;
        } catch (StreamReadException e) {
            throw malformed(
                    "",
                    "is not JSON at line %d, column %d: %s"
                            .formatted(
                                    e.getLocation().getLineNr(),
                                    e.getLocation().getColumnNr(),
                                    e.getOriginalMessage().lines().findFirst().orElse("")),
                    e);
        } catch (JacksonException e) {
            throw malformed("", "is not one JSON value: " + e.getOriginalMessage(), e);
        }
    }

    private <B> B value(JsonNode tree, Class<B> type) {
        if (!tree.isObject()) {
            throw malformed("", "must be a JSON object", null);
        }
        try {
            return json.treeToValue(tree, type);
        } catch (JacksonException e) {
            throw malformed(pointer(e), reason(e), e);
        }
    }

    private static String pointer(JacksonException e) {
        return e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "" + step.getIndex() : step.getPropertyName())
                .map(name -> "/" + name.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining());
    }

    private static String reason(JacksonException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "is unknown, allowed are "
                    + unknown.getKnownPropertyIds().stream()
                            .map(Object::toString)
                            .sorted()
                            .collect(Collectors.joining(", "));
        }
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() == String.class) {
            return "must be a string";
        }
        return "must be an integer from -9223372036854775808 to 9223372036854775807, or null where that is allowed";
    }

    private <B> B valid(B body, Predicate<String> judged) {
        List<Problem.Violation> errors = validator.validate(body).stream()
                .filter(violation -> judged.test(field(violation)))
                .map(violation -> new Problem.Violation("/" + field(violation), violation.getMessage()))
                .sorted(Comparator.comparing(Problem.Violation::pointer).thenComparing(Problem.Violation::detail))
                .toList();
        if (!errors.isEmpty()) {
            throw Problem.of(ProblemType.INVALID_VALUE, errors);
        }
        return body;
    }

    private static String field(ConstraintViolation<?> violation) {
        return ParsingUtils.reconcatenateCamelCase(violation.getPropertyPath().toString(), "_");
    }

    private static Problem malformed(String pointer, String reason, @Nullable Throwable cause) {
        String detail = (pointer.isEmpty() ? "the body" : pointer) + " " + reason;
        return new Problem(ProblemType.MALFORMED_BODY, detail, List.of(new Problem.Violation(pointer, reason)), cause);
    }

    private static Problem tooLarge() {
        return new Problem(ProblemType.TOO_LARGE, "the body is larger than " + MAX_SIZE + " bytes");
    }
}
