package dev.postfeed.web;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.util.ParsingUtils;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads bodies strictly: media type, size, UTF-8, JSON, fields, types, values, in this order; nothing is guessed. What
 * does not fit is a {@link Problem} that says where.
 */
@Component
public class JsonBodies {

    static final MediaType MERGE_PATCH = MediaType.valueOf("application/merge-patch+json");

    private static final Logger log = LoggerFactory.getLogger(JsonBodies.class);

    private final JsonMapper json;
    private final Validator validator;
    private final BodyTimeout timeout;

    JsonBodies(JsonMapper json, Validator validator, BodyTimeout timeout) {
        this.json = json;
        this.validator = validator;
        this.timeout = timeout;
    }

    /**
     * Reads a body once at start: what Jackson and the validator find out about a type, they find out under locks, which
     * have no place on an event loop.
     */
    void prepare(Class<?> type) {
        try {
            valid(value(parse("{}".getBytes(StandardCharsets.UTF_8)), type), field -> true);
        } catch (Problem e) {
            log.debug("{} is ready: {}", type.getSimpleName(), e.getMessage());
        }
    }

    /** The body as a value of its type, valid. */
    <B> Mono<B> read(ServerRequest request, Class<B> type) {
        return tree(request, MediaType.APPLICATION_JSON).map(tree -> body(tree, type));
    }

    /** A JSON object as a value of its type, valid. */
    <B> B body(JsonNode object, Class<B> type) {
        return valid(value(object, type), field -> true);
    }

    /**
     * The elements of a JSON array as values of their type, valid.
     *
     * @throws Problem with all that is malformed, or else with all that is invalid, the pointers with the index before
     */
    <B> List<B> bodies(ArrayNode array, Class<B> type) {
        List<B> bodies = new ArrayList<>(array.size());
        ElementErrors errors = new ElementErrors();
        for (int i = 0; i < array.size(); i++) {
            try {
                bodies.add(body(array.get(i), type));
            } catch (Problem e) {
                errors.add(i, e);
            }
        }
        errors.throwIfAny(ProblemType.MALFORMED_BODY, ProblemType.INVALID_VALUE);
        return bodies;
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
        RequestBody.requireType(request, expected);
        return timeout.whole(request).map(this::parse);
    }

    /** The one JSON value that these bytes are, and nothing else. */
    JsonNode parse(byte[] body) {
        return JsonTree.parse(json, body);
    }

    private <B> B value(JsonNode tree, Class<B> type) {
        if (!tree.isObject()) {
            throw JsonTree.malformed("", "must be a JSON object", null);
        }
        try {
            return json.treeToValue(tree, type);
        } catch (JacksonException e) {
            throw JsonTree.malformed(pointer(e), reason(e), e);
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
}
