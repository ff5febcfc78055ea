package dev.postfeed.contract;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.serialization.NodeReader;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The schemas of a description. A text that has a {@code contentSchema} is held against it, too: lines, records and events
 * are an array there, and the {@code data} of an event is JSON.
 */
final class Schemas {

    private static final String BASE = "https://openapi.invalid/openapi.yaml";

    private final Description description;
    private final SchemaRegistry registry;
    private final Map<JsonNode, Schema> compiled = new IdentityHashMap<>();

    Schemas(Description description) {
        this.description = description;
        String document = JsonMapper.shared().writeValueAsString(description.document());
        this.registry = SchemaRegistry.withDialect(
                Dialects.getOpenApi31(),
                builder -> builder.schemas(Map.of(BASE, document)).nodeReader(new JsonReader()));
    }

    /**
     * What is wrong with a body.
     *
     * @param schema of the media type
     */
    List<String> check(Message message, String mediaType, Part schema) {
        try {
            JsonNode value = Content.of(message, mediaType, schema);
            if (value == null) {
                return List.of();
            }
            Part content = Content.schema(schema);
            List<String> errors = errors(value, content);
            if (schema.has(Content.SCHEMA)) {
                value.forEach(item -> errors.addAll(checkTexts(item, content.at("items"))));
            }
            return errors;
        } catch (JacksonException | IllegalArgumentException e) {
            return List.of("the body is no %s: %s".formatted(mediaType, e.getMessage()));
        }
    }

    /** What is wrong with a text. */
    List<String> checkText(String text, Part schema) {
        return errors(StringNode.valueOf(text), schema);
    }

    boolean isValid(JsonNode value, Part schema) {
        return errors(value, schema).isEmpty();
    }

    /** What is wrong with the texts within an object that have a content of their own. */
    private List<String> checkTexts(JsonNode object, Part reference) {
        Part schema = description.resolved(reference);
        List<String> errors = new ArrayList<>();
        schema.at("oneOf")
                .elements()
                .filter(alternative -> isValid(object, alternative))
                .forEach(alternative -> errors.addAll(checkTexts(object, alternative)));
        schema.at("properties").forEach((name, property) -> {
            if (property.has(Content.SCHEMA) && object.has(name)) {
                JsonNode value = JsonMapper.shared().readTree(object.path(name).asString());
                errors.addAll(errors(value, Content.schema(property)));
            }
        });
        return errors;
    }

    private List<String> errors(JsonNode value, Part schema) {
        List<String> errors = new ArrayList<>();
        for (Error error : compiled(schema.node()).validate(value)) {
            errors.add(error.toString());
        }
        return errors;
    }

    private Schema compiled(JsonNode schema) {
        return compiled.computeIfAbsent(schema, node -> registry.getSchema(absolute(node.deepCopy())));
    }

    /** The validator's own would want a parser of YAML, which the service has not. */
    private static final class JsonReader implements NodeReader {

        @Override
        public JsonNode readTree(String content, InputFormat format) {
            return JsonMapper.shared().readTree(content);
        }

        @Override
        public JsonNode readTree(InputStream content, InputFormat format) {
            return JsonMapper.shared().readTree(content);
        }
    }

    /** References within the document, from anywhere. */
    private static JsonNode absolute(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("$ref")) {
            object.put("$ref", BASE + object.path("$ref").asString());
        }
        schema.forEach(Schemas::absolute);
        return schema;
    }
}
