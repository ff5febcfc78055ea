package dev.postfeed.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Bytes to JSON: UTF-8, one value and nothing after it, an array of not too many elements. */
final class JsonTree {

    /** Elements of an array: a mebibyte of small ones would be a hundred times as much in memory. */
    static final int MAX_ELEMENTS = 10_000;

    private JsonTree() {}

    /** @throws Problem that says where and what is wrong */
    static JsonNode parse(JsonMapper json, byte[] body) {
        String text = text(body);
        try {
            requireFewElements(json, text);
            JsonNode tree = json.readTree(text);
            if (tree.isMissingNode()) {
                throw malformed("", "is empty", null);
            }
            return tree;
        } catch (StreamConstraintsException e) {
            throw malformed("", "is nested too deep, or has a number or a name that is too long", e);
        } catch (StreamReadException e) {
            throw malformed("", "is not JSON at %s: %s".formatted(place(e, text), reason(e)), e);
        } catch (JacksonException e) {
            throw malformed("", "has something after its end", e);
        }
    }

    private static String text(byte[] body) {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        try {
            // Jackson would guess UTF-16 and UTF-32 too, and let some malformed UTF-8 pass.
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw malformed("", "is not UTF-8 at byte " + bytes.position(), e);
        }
    }

    /** Counted before there is a tree of them. */
    private static void requireFewElements(JsonMapper json, String text) {
        if (!text.stripLeading().startsWith("[")) {
            return;
        }
        try (JsonParser parser = json.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                return;
            }
            int elements = 0;
            for (JsonToken next = parser.nextToken();
                    next != null && next != JsonToken.END_ARRAY;
                    next = parser.nextToken()) {
                parser.skipChildren();
                if (++elements > MAX_ELEMENTS) {
                    throw new Problem(
                            ProblemType.TOO_LARGE,
                            "the array has more than " + MAX_ELEMENTS + " elements; send lines (application/x-ndjson)");
                }
            }
        }
    }

    /** A line of NDJSON has its number elsewhere. */
    private static String place(StreamReadException e, String text) {
        String column = "column " + e.getLocation().getColumnNr();
        return text.indexOf('\n') < 0 ? column : "line " + e.getLocation().getLineNr() + ", " + column;
    }

    /** Without what the parser tells of itself. */
    private static String reason(StreamReadException e) {
        String reason = e.getOriginalMessage().lines().findFirst().orElse("");
        int start = reason.indexOf(" (start marker at");
        return start < 0 ? reason : reason.substring(0, start);
    }

    static Problem malformed(String pointer, String reason, @Nullable Throwable cause) {
        String detail = (pointer.isEmpty() ? "the body" : pointer) + " " + reason;
        return new Problem(ProblemType.MALFORMED_BODY, detail, List.of(new Problem.Violation(pointer, reason)), cause);
    }
}
