package dev.postfeed.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Bodies as what their schemas are of: JSON; an array of it where they are lines, records or events, of one that broke
 * off those that are whole; or a text.
 */
final class Content {

    /** Of what a text is: that of the lines, or of JSON within an event. */
    static final String SCHEMA = "contentSchema";

    private static final JsonMapper JSON = JsonMapper.shared();

    /** Columns of CSV that are JSON within a field. */
    private static final Set<String> EMBEDDED = Set.of("author", "users", "posts");

    private Content() {}

    /**
     * A body. Null for JSON that broke off.
     *
     * @param schema of the media type
     * @throws IllegalArgumentException for a body that is none of its type
     */
    static @Nullable JsonNode of(Message message, String mediaType, Part schema) {
        if (schema.has(SCHEMA)) {
            return array(message, mediaType);
        }
        if (mediaType.endsWith("json")) {
            return message.whole() ? JSON.readTree(message.body()) : null;
        }
        return StringNode.valueOf(message.text());
    }

    /** The schema of what {@link #of} gives. */
    static Part schema(Part schema) {
        return schema.has(SCHEMA) ? schema.at(SCHEMA) : schema;
    }

    private static ArrayNode array(Message message, String mediaType) {
        String text = message.text();
        return switch (mediaType) {
            case "text/csv" -> records(message.whole() ? text : upTo(text, "\r\n"), message.whole());
            case "text/event-stream" -> events(upTo(text, "\n\n"));
            default -> lines(message.whole() ? text : upTo(text, "\n"));
        };
    }

    private static String upTo(String text, String end) {
        int last = text.lastIndexOf(end);
        return last < 0 ? "" : text.substring(0, last + end.length());
    }

    private static ArrayNode lines(String text) {
        ArrayNode all = JSON.createArrayNode();
        if (!text.isEmpty() && !text.endsWith("\n")) {
            throw new IllegalArgumentException("the last line has no end");
        }
        for (String line : text.isEmpty()
                ? new String[0]
                : text.substring(0, text.length() - 1).split("\n", -1)) {
            all.add(JSON.readTree(line));
        }
        return all;
    }

    /** As objects; null is nothing, a text is in quotation marks, everything else is a number or a time. */
    private static ArrayNode records(String text, boolean whole) {
        ArrayNode all = JSON.createArrayNode();
        List<List<@Nullable String>> records = Csv.parse(text, whole);
        if (records.isEmpty()) {
            return all;
        }
        List<@Nullable String> names = records.get(0);
        for (List<@Nullable String> record : records.subList(1, records.size())) {
            if (record.size() != names.size()) {
                throw new IllegalArgumentException("%s has not the fields of %s".formatted(record, names));
            }
            ObjectNode object = all.addObject();
            for (int i = 0; i < names.size(); i++) {
                field(object, String.valueOf(names.get(i)), record.get(i));
            }
        }
        return all;
    }

    private static void field(ObjectNode object, String name, @Nullable String value) {
        if (value == null && name.equals("posts_next")) {
            return; // In JSON it is left out.
        }
        String text = value == null || !value.startsWith("\"") ? value : value.substring(1);
        if (text == null) {
            object.putNull(name);
        } else if (EMBEDDED.contains(name)) {
            object.set(name, JSON.readTree(text));
        } else if (value.startsWith("\"") || !text.matches("-?[0-9]+")) {
            object.put(name, text);
        } else {
            object.put(name, Long.parseLong(text));
        }
    }

    /** As objects of their fields; comments are left out. */
    private static ArrayNode events(String text) {
        ArrayNode all = JSON.createArrayNode();
        for (String event : text.split("\n\n")) {
            ObjectNode object = JSON.createObjectNode();
            for (String line : event.split("\n")) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    object.put(line.substring(0, colon), line.substring(colon + 2));
                } else if (!line.equals(":") && !line.isEmpty()) {
                    throw new IllegalArgumentException("'%s' is no line of an event".formatted(line));
                }
            }
            if (!object.isEmpty()) {
                all.add(object);
            }
        }
        return all;
    }

    /** RFC 4180. A field is null where it is empty, and has a quotation mark before it where it is in such. */
    private static final class Csv {

        private final String text;
        private int at;

        private Csv(String text) {
            this.text = text;
        }

        static List<List<@Nullable String>> parse(String text, boolean whole) {
            List<List<@Nullable String>> records = new ArrayList<>();
            Csv csv = new Csv(text);
            while (csv.at < text.length()) {
                try {
                    records.add(csv.record());
                } catch (StringIndexOutOfBoundsException e) {
                    if (whole) {
                        throw new IllegalArgumentException("the last record has no end");
                    }
                    break; // A line end within a text looked like that of a record.
                }
            }
            return records;
        }

        private List<@Nullable String> record() {
            List<@Nullable String> fields = new ArrayList<>();
            while (true) {
                fields.add(text.charAt(at) == '"' ? quoted() : plain());
                if (text.charAt(at) == ',') {
                    at++;
                } else if (text.startsWith("\r\n", at)) {
                    at += 2;
                    return fields;
                } else {
                    throw new IllegalArgumentException("a field goes on after its end at character " + at);
                }
            }
        }

        private @Nullable String plain() {
            int start = at;
            while (text.charAt(at) != ',' && text.charAt(at) != '\r') {
                at++;
            }
            return at == start ? null : text.substring(start, at);
        }

        private String quoted() {
            StringBuilder field = new StringBuilder("\"");
            while (true) {
                at++;
                if (text.charAt(at) == '"') {
                    at++;
                    if (text.charAt(at) != '"') {
                        return field.toString();
                    }
                }
                field.append(text.charAt(at));
            }
        }
    }
}
