package dev.postfeed.contract;

import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The properties of schemas, each by where it is written: one of a component is met by whatever refers to it, and one
 * within an alternative ({@code oneOf}) only by a value that this alternative is right for.
 */
final class Fields {

    /** What a property could be in and would not be found. */
    private static final Set<String> NOT_LOOKED_INTO =
            Set.of("patternProperties", "prefixItems", "dependentSchemas", "if", "then", "else", "not", "$defs");

    private final String side;
    private final Description description;
    private final Schemas schemas;
    private final Map<JsonNode, Set<String>> named = new IdentityHashMap<>();

    /** @param side that they are of: requests or answers, which may have the same schema */
    Fields(String side, Description description, Schemas schemas) {
        this.side = side;
        this.description = description;
        this.schemas = schemas;
    }

    private String line(Part property) {
        return side + " " + property.pointer();
    }

    /** Each property that a value of this schema may have, also within others. */
    Set<String> named(Part schema) {
        Set<String> lines = named.get(schema.node());
        if (lines == null) {
            lines = new LinkedHashSet<>();
            addNamed(schema, lines, new HashSet<>());
            named.put(schema.node(), lines);
        }
        return lines;
    }

    private void addNamed(Part schema, Set<String> lines, Set<String> visited) {
        if (!schema.node().isObject() || !visited.add(schema.pointer())) {
            return;
        }
        for (String keyword : NOT_LOOKED_INTO) {
            if (schema.has(keyword)) {
                throw new IllegalStateException(
                        "no property is looked for in " + schema.at(keyword).pointer());
            }
        }
        schema.at("properties").forEach((name, property) -> {
            lines.add(line(property));
            addNamed(property, lines, visited);
        });
        Stream.of(
                        Stream.of(description.resolved(schema)),
                        schema.at("allOf").elements(),
                        alternatives(schema),
                        Stream.of(schema.at("items"), schema.at("additionalProperties"), schema.at(Content.SCHEMA)))
                .flatMap(part -> part)
                .forEach(part -> addNamed(part, lines, visited));
    }

    private static Stream<Part> alternatives(Part schema) {
        return Stream.of("oneOf", "anyOf").flatMap(keyword -> schema.at(keyword).elements());
    }

    /**
     * Those that a body has, which is right. Only some of a schema whose properties are all known: looking on would cost
     * as much again as the check.
     *
     * @param schema of the media type
     * @param known were met before
     */
    Set<String> met(Message message, String mediaType, Part schema, Set<String> known) {
        Walk walk = new Walk(known);
        if (!walk.isComplete(schema)) {
            JsonNode value = Content.of(message, mediaType, schema);
            if (value != null) {
                walk.walk(value, Content.schema(schema));
            }
        }
        return walk.met;
    }

    private final class Walk {

        private final Set<String> known;
        private final Set<String> met = new HashSet<>();

        private Walk(Set<String> known) {
            this.known = known;
        }

        private boolean isComplete(Part schema) {
            return named(schema).stream().allMatch(line -> known.contains(line) || met.contains(line));
        }

        private void walk(JsonNode value, Part schema) {
            if (isComplete(schema)) {
                return;
            }
            if (schema.has(Description.REFERENCE)) {
                walk(value, description.resolved(schema));
            }
            schema.at("allOf").elements().forEach(part -> walk(value, part));
            alternatives(schema).filter(part -> schemas.isValid(value, part)).forEach(part -> walk(value, part));
            if (value.isObject()) {
                walkObject(value, schema);
            } else if (value.isArray()) {
                value.forEach(element -> walk(element, schema.at("items")));
            } else if (value.isString() && schema.has(Content.SCHEMA)) {
                walk(JsonMapper.shared().readTree(value.asString()), Content.schema(schema));
            }
        }

        private void walkObject(JsonNode object, Part schema) {
            Part properties = schema.at("properties");
            object.forEachEntry((name, value) -> {
                if (properties.has(name)) {
                    met.add(line(properties.at(name)));
                    walk(value, properties.at(name));
                } else {
                    walk(value, schema.at("additionalProperties"));
                }
            });
        }
    }
}
