package dev.postfeed.contract;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An OpenAPI document, as far as the contract needs it. */
public final class Description {

    private static final Set<String> METHODS = Set.of("get", "head", "options", "post", "put", "patch", "delete");

    private final JsonNode document;

    private Description(JsonNode document) {
        this.document = document;
    }

    public static Description of(String yaml) {
        return new Description(JsonMapper.shared().valueToTree(new Yaml().load(yaml)));
    }

    /**
     * @param path as it is named, with its variables
     * @param item what is said of it
     */
    record Route(String path, JsonNode item) {}

    /** What is at a JSON pointer. */
    public JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** A node, or what it refers to. */
    JsonNode resolved(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null ? node : at(reference.asString().substring(1));
    }

    /** The route of a path, percent-encoded: of several the one with the fewest variables. Null where there is none. */
    @Nullable
    Route route(String path) {
        return document.path("paths")
                .propertyStream()
                .filter(item -> matches(item.getKey(), path))
                .min(Comparator.comparingLong(item -> variables(item.getKey())))
                .map(item -> new Route(item.getKey(), item.getValue()))
                .orElse(null);
    }

    private static boolean matches(String template, String path) {
        String[] expected = template.split("/", -1);
        String[] given = path.split("/", -1);
        if (expected.length != given.length) {
            return false;
        }
        for (int i = 0; i < given.length; i++) {
            boolean matches = expected[i].startsWith("{") ? !given[i].isEmpty() : expected[i].equals(decoded(given[i]));
            if (!matches) {
                return false;
            }
        }
        return true;
    }

    private static String decoded(String segment) {
        try {
            return UriUtils.decode(segment, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }

    private static long variables(String template) {
        return template.chars().filter(c -> c == '{').count();
    }

    Set<String> queryParameters(JsonNode operation) {
        return operation
                .path("parameters")
                .valueStream()
                .map(this::resolved)
                .filter(parameter -> parameter.path("in").asString().equals("query"))
                .map(parameter -> parameter.path("name").asString())
                .collect(Collectors.toSet());
    }

    /** Each operation: its method in capitals, a space, its path. */
    public Set<String> operations() {
        return document.path("paths")
                .propertyStream()
                .flatMap(item -> item.getValue()
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .filter(METHODS::contains)
                        .map(method -> method.toUpperCase(Locale.ROOT) + " " + item.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The answers that an operation, of {@link #operations}, may have. */
    JsonNode responses(String operation) {
        String[] methodAndPath = operation.split(" ", 2);
        return document.path("paths")
                .path(methodAndPath[1])
                .path(methodAndPath[0].toLowerCase(Locale.ROOT))
                .path("responses");
    }

    /** Everything that there is to be met: see {@link #name}. */
    Set<String> named() {
        Set<String> named = new TreeSet<>();
        operations().forEach(operation -> addNamed(operation, responses(operation), named));
        at("/x-outside-operations")
                .propertyStream()
                .filter(place -> !place.getKey().equals("headers"))
                .forEach(place -> addNamed(place.getKey(), place.getValue(), named));
        return named;
    }

    private void addNamed(String operation, JsonNode responses, Set<String> named) {
        responses.propertyStream().forEach(response -> {
            int status = Integer.parseInt(response.getKey());
            mediaTypes(response.getValue()).forEach(type -> named.add(name(operation, status, type)));
        });
    }

    /** The media types of an answer; one that is null where it has no body. */
    Stream<@Nullable String> mediaTypes(JsonNode response) {
        JsonNode content = resolved(response).path("content");
        return content.isEmpty()
                ? Stream.of((String) null)
                : content.propertyStream().map(Map.Entry::getKey);
    }

    /** An operation, a status and a media type, as a line. */
    static String name(String operation, int status, @Nullable String mediaType) {
        return operation + " " + status + " " + (mediaType == null ? "-" : mediaType);
    }

    JsonNode document() {
        return document;
    }
}
