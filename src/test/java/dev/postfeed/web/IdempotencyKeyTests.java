package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTests {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"a\" | a",
                "\"8e03978e-40d5-43dd-bc93-6894a57f9324\" | 8e03978e-40d5-43dd-bc93-6894a57f9324",
                "\" \" | ` `",
                "`  \"a b\" ` | a b",
                "\"\\\"\" | \"",
                "\"\\\\\" | \\",
                "\"a\\\\\\\"b\" | a\\\"b",
                "\"~!,;=%\" | ~!,;=%",
            })
    void readsAString(String header, String key) {
        assertThat(IdempotencyKey.parse(List.of(header))).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "\"",
                "\"\"",
                "\"a",
                "a\"",
                "'a'",
                "\"a\"b\"",
                "\"\\\"",
                "\"a\\\"",
                "\"\\a\"",
                "\"a\u00FC\"",
                "\"a\tb\"",
                "\"\u007F\"",
                "\"a\";b=1",
                "\"a\", \"b\"",
                ":YQ==:",
                "?1"
            })
    void refusesWhatIsNoString(String header) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> IdempotencyKey.parse(List.of(header)))
                .withMessageContaining("1 to 255 printable ASCII characters")
                .matches(problem -> problem.type() == ProblemType.BAD_REQUEST);
    }

    @Test
    void hasABound() {
        assertThat(IdempotencyKey.parse(List.of("\"" + "\\\\".repeat(255) + "\"")))
                .hasSize(255);
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> IdempotencyKey.parse(List.of("\"" + "a".repeat(256) + "\"")));
    }

    @Test
    void isThereOnceOrNotAtAll() {
        assertThat(IdempotencyKey.parse(List.of())).isNull();
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> IdempotencyKey.parse(List.of("\"a\"", "\"a\"")));
    }
}
