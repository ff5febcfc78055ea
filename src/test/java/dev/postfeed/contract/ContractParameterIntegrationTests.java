package dev.postfeed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.PostfeedTest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Each operation of {@code openapi.yaml} takes each parameter that is named for it, with the value that is its example. Where
 * an example can be none for any request, the value is a rule of the parameter's name.
 */
@PostfeedTest
class ContractParameterIntegrationTests extends ContractFixture {

    @ParameterizedTest
    @MethodSource("operations")
    void takesEachParameterThatIsNamed(String operation) throws Exception {
        Part part = Objects.requireNonNull(DESCRIPTION.place(operation).operation());
        for (Description.Parameter parameter : DESCRIPTION.parameters(part).toList()) {
            if (!parameter.in().equals("path")) {
                Answer answer = with(parameter, Sample.of(operation, api)).send(port);
                assertThat(answer.status())
                        .as("%s with %s: %s", operation, parameter, answer)
                        .isBetween(200, 299);
            }
        }
    }

    private Sample with(Description.Parameter parameter, Sample sample) {
        String name = parameter.name();
        return switch (name) {
            case "cursor" ->
                sample.withTarget(Objects.requireNonNull(
                        api.get(sample.target() + "?limit=1").expect(200).link("next")));
            // There is a next page.
            case "limit" -> withQuery(sample, name, "1");
            case "on_conflict" -> withQuery(sample.with("Prefer", "resolution=ignore-duplicates"), name, "email");
            case "If-Match" -> sample.with(name, "*");
            // The example came before, with another body.
            case "Idempotency-Key" -> sample.with(name, "\"" + UUID.randomUUID() + "\"");
            default ->
                parameter.in().equals("header")
                        ? sample.with(name, example(parameter))
                        : withQuery(sample, name, example(parameter));
        };
    }

    /** The first, where there may be several. */
    private static String example(Description.Parameter parameter) {
        JsonNode example = parameter.example();
        return (example.isArray() ? example.path(0) : example).asString();
    }

    private static Sample withQuery(Sample sample, String name, String value) {
        return sample.withTarget(sample.target() + "?" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void compressesWhatItSaysItDoes(String operation) throws Exception {
        Part success =
                DESCRIPTION.resolved(DESCRIPTION.place(operation).responses().at("200"));
        if (success.at("headers").has("Content-Encoding")) {
            Answer answer =
                    Sample.of(operation, api).with("Accept-Encoding", "gzip").send(port);
            assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
        }
    }
}
