package dev.postfeed.contract;

import static dev.postfeed.contract.Exchanges.answer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** {@code openapi.yaml} by itself. */
class DescriptionTests {

    private static final Description DESCRIPTION = Contract.read().description();

    /** Else a field that it does not name would be none that is found; the second part of {@code allOf} narrows the first. */
    @Test
    void everyObjectSaysWhatElseItMayHave() {
        List<Part> objects = parts(new Part("", DESCRIPTION.document()))
                .filter(part -> part.has("properties"))
                .toList();
        assertThat(objects)
                .hasSizeGreaterThan(30)
                .allSatisfy(part -> assertThat(part.has("additionalProperties")
                                || part.pointer().endsWith("/allOf/1"))
                        .as(part.pointer())
                        .isTrue());
    }

    private static Stream<Part> parts(Part part) {
        List<Part> children = new ArrayList<>(part.elements().toList());
        part.forEach((name, child) -> children.add(child));
        return Stream.concat(Stream.of(part), children.stream().flatMap(DescriptionTests::parts));
    }

    static Stream<Arguments> examples() {
        return Stream.of("responses", "requestBodies")
                .flatMap(kind -> DESCRIPTION.at("/components/" + kind).propertyStream())
                .flatMap(component -> component
                        .getValue()
                        .path("content")
                        .propertyStream()
                        .flatMap(content -> content.getValue()
                                .path("examples")
                                .propertyStream()
                                .map(example -> Arguments.of(
                                        component.getKey() + " " + content.getKey() + " " + example.getKey(),
                                        content.getKey(),
                                        new Part("", content.getValue().path("schema")),
                                        example.getValue().path("value")))));
    }

    /** Linters look at those of JSON only. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void anExampleIsAsItsSchemaHasIt(String name, String mediaType, Part schema, JsonNode example) {
        // A text in the document has LF at the ends of its lines, and a record CR LF.
        String text = example.isString() ? example.asString() : example.toString();
        String body = mediaType.equals("text/csv") ? text.replace("\n", "\r\n") : text;
        Message message = answer("GET /", 200, body).answer();
        assertThat(new Schemas(DESCRIPTION).check(message, mediaType, schema)).isEmpty();
    }

    @Test
    void thereAreExamples() {
        assertThat(examples()).hasSizeGreaterThan(50);
    }

    @Test
    void theRouteWithTheFewestVariablesIsTaken() {
        assertThat(DESCRIPTION.route("/posts/feed")).isEqualTo("/posts/feed");
        assertThat(DESCRIPTION.route("/posts/17")).isEqualTo("/posts/{id}");
        assertThat(DESCRIPTION.route("/posts/")).isNull();
        assertThat(DESCRIPTION.route("/%75sers")).isEqualTo("/users");
        assertThat(DESCRIPTION.route("/users%2F1")).isNull();
    }
}
