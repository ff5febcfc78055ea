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

    static final String REFERENCE = "$ref";

    private static final Set<String> METHODS = Set.of("get", "head", "options", "post", "put", "patch", "delete");

    private static final String OUTSIDE = "/x-outside-operations";
    private static final String HEADERS = "headers";

    private final JsonNode document;

    private Description(JsonNode document) {
        this.document = document;
    }

    public static Description of(String yaml) {
        return new Description(JsonMapper.shared().valueToTree(new Yaml().load(yaml)));
    }

    /** What is at a JSON pointer. */
    public JsonNode at(String pointer) {
        return document.at(pointer);
    }

    /** A part, or what it refers to. */
    Part resolved(Part part) {
        JsonNode reference = part.node().get(REFERENCE);
        return reference == null ? part : part(reference.asString().substring(1));
    }

    private Part part(String pointer) {
        return new Part(pointer, at(pointer));
    }

    private Part paths() {
        return part("/paths");
    }

    /**
     * The path as it is named, with its variables, of one that was asked for, percent-encoded: of several the one with the
     * fewest variables. Null where there is none.
     */
    @Nullable
    String route(String path) {
        return paths().node().propertyNames().stream()
                .filter(template -> matches(template, path))
                .min(Comparator.comparingLong(Description::variables))
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

    /** One of {@link #operations}. */
    Place place(String operation) {
        String[] methodAndPath = operation.split(" ", 2);
        Part part = paths().at(methodAndPath[1]).at(methodAndPath[0].toLowerCase(Locale.ROOT));
        return new Place(operation, part.at("responses"), part);
    }

    /** Requests for no operation, of a kind. */
    Place outside(String kind) {
        return new Place(kind, part(OUTSIDE).at(kind), null);
    }

    /** Each operation, and each kind of requests for none. */
    Stream<Place> places() {
        return Stream.concat(
                operations().stream().map(this::place),
                part(OUTSIDE).node().propertyNames().stream()
                        .filter(kind -> !kind.equals(HEADERS))
                        .map(this::outside));
    }

    /** The headers that any answer may have. */
    Part headers() {
        return part(OUTSIDE).at(HEADERS);
    }

    /** Those of an operation. */
    Stream<Parameter> parameters(Part operation) {
        return operation.at("parameters").elements().map(this::resolved).map(Parameter::of);
    }

    /**
     * @param in path, query or header
     * @param example of its value
     */
    record Parameter(String in, String name, JsonNode example) {

        private static Parameter of(Part part) {
            JsonNode node = part.node();
            return new Parameter(node.path("in").asString(), node.path("name").asString(), node.path("example"));
        }
    }

    /** What a request, or an answer, may be: by media type. */
    Part content(Part message) {
        return resolved(message).at("content");
    }

    /** The media types of an answer; one that is null where it has no body. */
    Stream<@Nullable String> mediaTypes(Part response) {
        Part content = content(response);
        return content.node().isEmpty() ? Stream.of((String) null) : content.node().propertyNames().stream();
    }

    JsonNode document() {
        return document;
    }
}
