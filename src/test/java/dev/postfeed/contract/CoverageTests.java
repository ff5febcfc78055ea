package dev.postfeed.contract;

import static dev.postfeed.contract.Exchanges.answer;
import static dev.postfeed.contract.Exchanges.asked;
import static dev.postfeed.contract.Exchanges.cut;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** That what a description names is found to be met where it is, and else is not. */
class CoverageTests {

    private static final String JSON = "Content-Type: application/json";
    private static final String LINES = "Content-Type: application/x-ndjson";
    private static final String EVERY = "X-Every: 1";

    private static final Contract CONTRACT = new Contract(Description.of("""
            paths:
              /things/{id}:
                put:
                  parameters:
                    - {$ref: '#/components/parameters/Id'}
                    - {name: colour, in: query}
                    - {name: If-Match, in: header}
                  requestBody:
                    content:
                      application/json:
                        schema: {$ref: '#/components/schemas/Thing'}
                  responses:
                    '200': {$ref: '#/components/responses/Thing'}
                    '304': {description: The same as before.}
                    '404': {description: There is none.}
            components:
              parameters:
                Id: {name: id, in: path}
              responses:
                Thing:
                  headers:
                    ETag: {schema: {type: string}}
                  content:
                    application/json:
                      schema:
                        allOf:
                          - {$ref: '#/components/schemas/Thing'}
                          - properties: {name: {const: chair}}
                    application/x-ndjson:
                      schema:
                        type: string
                        contentSchema:
                          type: array
                          items: {$ref: '#/components/schemas/Line'}
              schemas:
                Thing:
                  additionalProperties: false
                  properties:
                    name: {type: string}
                    parts:
                      type: array
                      items:
                        oneOf:
                          - additionalProperties: false
                            properties: {size: {type: integer}}
                          - additionalProperties: false
                            properties: {weight: {type: integer}}
                    prices:
                      additionalProperties:
                        properties: {cents: {type: integer}}
                Line:
                  additionalProperties: false
                  properties:
                    data:
                      type: string
                      contentSchema:
                        properties: {deep: {type: integer}}
            x-outside-operations:
              headers:
                X-Every: {schema: {type: string}}
            """));

    private static final String ANSWERED = "answer /components/schemas/Thing/properties/";
    private static final String ASKED = "request /components/schemas/Thing/properties/";
    private static final String NAME_OF_RESPONSE =
            "answer /components/responses/Thing/content/application~1json/schema/allOf/1/properties/name";

    /** What is named and none of these has met. */
    private static Set<String> unmet(Exchange... exchanges) {
        Set<String> unmet = new TreeSet<>();
        CONTRACT.named().values().forEach(unmet::addAll);
        for (Exchange exchange : exchanges) {
            Contract.Verdict verdict = CONTRACT.check(exchange, Set.of());
            assertThat(verdict.violations()).isEmpty();
            assertThat(unmet).containsAll(verdict.met());
            unmet.removeAll(verdict.met());
        }
        return unmet;
    }

    private static Exchange ok(String body) {
        return asked(answer("PUT /things/1", 200, body, JSON), "{}", JSON);
    }

    @Test
    void everythingIsNamedOnce() {
        assertThat(unmet())
                .containsExactlyInAnyOrder(
                        "PUT /things/{id} 200 application/json",
                        "PUT /things/{id} 200 application/x-ndjson",
                        "PUT /things/{id} 304 -",
                        "PUT /things/{id} 404 -",
                        "PUT /things/{id} 200 header ETag",
                        "every answer header X-Every",
                        "PUT /things/{id} path id",
                        "PUT /things/{id} query colour",
                        "PUT /things/{id} header If-Match",
                        NAME_OF_RESPONSE,
                        ANSWERED + "name",
                        ANSWERED + "parts",
                        ANSWERED + "parts/items/oneOf/0/properties/size",
                        ANSWERED + "parts/items/oneOf/1/properties/weight",
                        ANSWERED + "prices",
                        ANSWERED + "prices/additionalProperties/properties/cents",
                        "answer /components/schemas/Line/properties/data",
                        "answer /components/schemas/Line/properties/data/contentSchema/properties/deep",
                        ASKED + "name",
                        ASKED + "parts",
                        ASKED + "parts/items/oneOf/0/properties/size",
                        ASKED + "parts/items/oneOf/1/properties/weight",
                        ASKED + "prices",
                        ASKED + "prices/additionalProperties/properties/cents");
    }

    @Test
    void aPropertyIsMetByAnAnswerThatHasIt() {
        assertThat(unmet(ok("{}"))).contains(ANSWERED + "name", NAME_OF_RESPONSE);
        assertThat(unmet(ok("{\"name\":\"chair\"}")))
                .doesNotContain(ANSWERED + "name", NAME_OF_RESPONSE)
                .contains(ANSWERED + "parts", ASKED + "name");
    }

    @Test
    void aPropertyOfAnAlternativeIsMetByWhatItIsRightFor() {
        assertThat(unmet(ok("{\"parts\":[{\"weight\":1},{\"weight\":2}]}")))
                .doesNotContain(ANSWERED + "parts", ANSWERED + "parts/items/oneOf/1/properties/weight")
                .contains(ANSWERED + "parts/items/oneOf/0/properties/size");
    }

    @Test
    void aPropertyOfAnyFieldIsMet() {
        assertThat(unmet(ok("{\"prices\":{\"today\":{\"cents\":1}}}")))
                .doesNotContain(ANSWERED + "prices", ANSWERED + "prices/additionalProperties/properties/cents");
    }

    @Test
    void aPropertyIsMetWithinLinesThatBrokeOffAndWithinTheirTexts() {
        Exchange lines = cut("PUT /things/1", 200, "{\"data\":\"{\\\"deep\\\":1}\"}\n{\"da", LINES);
        assertThat(unmet(asked(lines, "{}", JSON)))
                .doesNotContain(
                        "answer /components/schemas/Line/properties/data",
                        "answer /components/schemas/Line/properties/data/contentSchema/properties/deep");
    }

    @Test
    void aPropertyOfARequestIsMetWhereItSucceeds() {
        String body = "{\"name\":\"table\"}";
        assertThat(unmet(asked(answer("PUT /things/1", 404, ""), body, JSON))).contains(ASKED + "name");
        assertThat(unmet(asked(answer("PUT /things/1", 200, "{}", JSON), body, JSON)))
                .doesNotContain(ASKED + "name")
                .contains(ANSWERED + "name");
    }

    @Test
    void aHeaderIsMetByAnAnswerOfItsStatusThatHasIt() {
        assertThat(unmet(ok("{}"))).contains("PUT /things/{id} 200 header ETag", "every answer header X-Every");
        Exchange tagged = answer("PUT /things/1", 200, "{}", JSON, "etag: \"x\"", EVERY);
        assertThat(unmet(asked(tagged, "{}", JSON)))
                .doesNotContain("PUT /things/{id} 200 header ETag", "every answer header X-Every");
    }

    @Test
    void aParameterIsMetWhereTheRequestSucceeds() {
        String[] parameters = {
            "PUT /things/{id} path id", "PUT /things/{id} query colour", "PUT /things/{id} header If-Match"
        };
        assertThat(unmet(asked(answer("PUT /things/1?colour=red", 404, ""), "{}", JSON, "If-Match: *")))
                .contains(parameters);
        Exchange asked = asked(answer("PUT /things/1?c%6Flour=red", 200, "{}", JSON), "{}", JSON, "If-Match: *");
        assertThat(unmet(asked)).doesNotContain(parameters);
    }

    @Test
    void aHeaderOfARequestIsMetByA304AsWell() {
        assertThat(unmet(asked(answer("PUT /things/1?colour=red", 304, ""), "{}", JSON, "If-Match: *")))
                .contains("PUT /things/{id} path id", "PUT /things/{id} query colour")
                .doesNotContain("PUT /things/{id} header If-Match");
    }

    @Test
    void whatIsNotAsItIsDescribedMeetsNothing() {
        Contract.Verdict verdict = CONTRACT.check(ok("{\"name\":\"chair\",\"age\":1}"), Set.of());
        assertThat(verdict.violations()).hasSize(1);
        assertThat(verdict.met()).isEmpty();
    }

    /** Otherwise some thousand answers would each be looked through once more. */
    @Test
    void ofASchemaThatIsKnownNothingIsLookedFor() {
        Set<String> known = new HashSet<>(unmet());
        assertThat(CONTRACT.check(ok("{\"name\":\"chair\"}"), known).met())
                .noneMatch(line -> line.startsWith("answer"));
        known.remove(ANSWERED + "prices");
        assertThat(CONTRACT.check(ok("{\"name\":\"chair\",\"prices\":{}}"), known)
                        .met())
                .contains(ANSWERED + "prices");
    }
}
