package dev.postfeed.contract;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.PostfeedTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each operation of {@code openapi.yaml} is made to answer with each status, in each media type, that is named for it. How
 * is a rule of the status, so that a new operation needs no more than a {@link Sample}.
 */
@PostfeedTest
class ContractStatusIntegrationTests extends ContractFixture {

    /** These need a node without a feed, a fault, or a database that has gone: {@link ContractFailureIntegrationTests}. */
    private static final Set<Integer> OF_FAILURES = Set.of(500, 503);

    /** These need a service that wants tokens: {@code AccessIntegrationTests} has all of them. */
    private static final Set<Integer> OF_TOKENS = Set.of(401, 403);

    /** These need a client that is too slow, or too fast: {@code BodyTimeoutIntegrationTests}, {@code WriteLimitIntegrationTests}. */
    private static final Set<Integer> OF_LIMITS = Set.of(408, 429);

    @ParameterizedTest
    @MethodSource("operations")
    void answersWithEachStatusThatIsNamed(String operation) throws Exception {
        Part responses = DESCRIPTION.place(operation).responses();
        for (String status : responses.node().propertyNames()) {
            int code = Integer.parseInt(status);
            boolean feedIsGone = operation.endsWith(" /posts/feed") && code == 404;
            boolean wantsToken = OF_TOKENS.contains(code) || operation.equals("POST /session") && code < 404;
            if (OF_FAILURES.contains(code) || OF_LIMITS.contains(code) || feedIsGone || wantsToken) {
                continue;
            }
            List<@Nullable String> types =
                    DESCRIPTION.mediaTypes(responses.at(status)).toList();
            for (String type : types) {
                Sample sample = request(operation, code, type);
                // Behind an answer, on a kept-alive connection, one such request in some hundred got no answer at all.
                Answer answer = code == 431 ? sample.sendAlone(port) : sample.send(port);
                assertThat(answer.status()).as("%s: %s", operation, answer).isEqualTo(code);
                assertThat(Message.mediaType(answer.headers()))
                        .as("%s: %s", operation, answer)
                        .isEqualTo(type);
            }
        }
    }

    @Test
    void headersThatAreTooLargeForNoOperation() throws Exception {
        Sample sample = new Sample("GET", "/nowhere", Map.of("X", "x".repeat(9 * 1024)), null);
        assertThat(sample.sendAlone(port).status()).isEqualTo(431);
    }

    private Sample request(String operation, int status, @Nullable String type) {
        Sample sample = Sample.of(operation, api);
        return switch (status) {
            case 200, 201, 204 -> successful(sample, status, type);
            case 304 -> sample.with("If-None-Match", "*");
            case 400 -> sample.withTarget(sample.target() + "?no_such=1");
            case 404 -> sample.withTarget(missing(operation));
            case 406 -> sample.with("Accept", "image/png");
            case 409 -> sample.withBody(json("name", "Ada", "email", takenEmail()));
            case 412 -> sample.with("If-Match", "\"x\"");
            case 413 -> sample.withBody("x".repeat(1024 * 1024 + 1));
            // A request line that is not too long, but its next one is. Two rows fit: there is a next page.
            case 414 ->
                sample.withTarget(sample.target() + "?limit=1&id=neq."
                        + "0".repeat(16_290 - sample.target().length()));
            case 415 -> sample.with("Content-Type", "text/plain");
            case 422 ->
                sample.withBody(
                        operation.contains("/users") ? json("name", " ", "email", newEmail()) : json("title", " "));
            case 431 -> sample.with("X", "x".repeat(9 * 1024));
            default -> throw new AssertionError("no rule to provoke " + status + " of " + operation);
        };
    }

    private Sample successful(Sample sample, int status, @Nullable String type) {
        Sample accepting = type == null ? sample : sample.with("Accept", type);
        if ("text/css".equals(type)) {
            return accepting.withTarget(sample.target().replace(".js", ".css"));
        }
        if (sample.target().startsWith("/page/") && "image/svg+xml".equals(type)) {
            return accepting.withTarget("/page/favicon.svg");
        }
        if (!sample.method().equals("POST") || status == 201) {
            return accepting;
        }
        if (!"application/json".equals(type)) {
            return accepting.with("Content-Type", type).withBody(sample.body() + "\n");
        }
        return accepting
                .withTarget("/users?on_conflict=email")
                .with("Prefer", "resolution=merge-duplicates")
                .withBody(json("name", "Ada", "email", takenEmail()));
    }

    private static String missing(String operation) {
        String path = operation.substring(operation.indexOf(' ') + 1);
        return path.replace("{id}", "9223372036854775807")
                .replace("{file}", "no-such.js")
                .replace("{name}", "no-such");
    }

    private String takenEmail() {
        String email = newEmail();
        api.post("/users", json("name", "Ada", "email", email)).expect(201);
        return email;
    }
}
