package dev.postfeed.contract;

import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A node of a document, which may be missing, and where it is.
 *
 * @param pointer as of JSON (RFC 6901)
 */
record Part(String pointer, JsonNode node) {

    Part at(String name) {
        return new Part(pointer + "/" + name.replace("~", "~0").replace("/", "~1"), node.path(name));
    }

    boolean isMissing() {
        return node.isMissingNode();
    }

    boolean has(String name) {
        return node.has(name);
    }

    /** Takes those of an object, by their names. */
    void forEach(BiConsumer<String, Part> action) {
        node.propertyNames().forEach(name -> action.accept(name, at(name)));
    }

    /** Those of an array. */
    Stream<Part> elements() {
        int size = node.isArray() ? node.size() : 0;
        return IntStream.range(0, size).mapToObj(i -> new Part(pointer + "/" + i, node.path(i)));
    }
}
