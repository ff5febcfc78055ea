package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTests {

    private static final Set<String> KNOWN = Set.of("limit", "cursor");

    @Test
    void givesTheValueOfAName() {
        Parameters parameters = Parameters.of(Map.of("limit", List.of("5")), KNOWN);
        assertThat(parameters.get("limit")).isEqualTo("5");
        assertThat(parameters.get("cursor")).isNull();
    }

    @Test
    void aNameWithoutAValueHasAnEmptyOne() {
        // As Spring decodes "?limit": one value, null.
        Parameters parameters = Parameters.of(Map.of("limit", Arrays.asList((String) null)), KNOWN);
        assertThat(parameters.get("limit")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset", "LIMIT", "limit ", "", "\u0000", "limit[]"})
    void refusesAnUnknownNameAndListsThoseThatAreKnown(String name) {
        expectRefused(
                name,
                "is an unknown parameter, allowed are cursor, limit",
                () -> Parameters.of(Map.of(name, List.of("1")), KNOWN));
    }

    @Test
    void saysWhenNoneIsKnown() {
        expectRefused(
                "limit",
                "is an unknown parameter, there are none here",
                () -> Parameters.of(Map.of("limit", List.of("1")), Set.of()));
    }

    @Test
    void refusesANameGivenTwiceEvenWithOneValue() {
        expectRefused(
                "limit", "may be given once only", () -> Parameters.of(Map.of("limit", List.of("1", "1")), KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "9,9", "10,10", "1234567890123456789,1234567890123456789"})
    void readsAnId(String text, long id) {
        assertThat(Parameters.id("id", text)).isEqualTo(id);
    }

    @Test
    void readsTheGreatestId() {
        assertThat(Parameters.id("id", "9223372036854775807")).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "+1",
                "01",
                "00",
                "1.0",
                "1e3",
                "0x1",
                "1L",
                "1_000",
                " 1",
                "1 ",
                "1\n",
                "",
                "abc",
                "\u0663",
                "\uFF11",
                "\uD835\uDFCF",
                "1\u0000",
                "9223372036854775808",
                "18446744073709551617",
                "99999999999999999999"
            })
    void refusesWhatIsNoId(String text) {
        expectRefused(
                "user_id", "must be an integer from 1 to 9223372036854775807", () -> Parameters.id("user_id", text));
    }

    @Test
    void refusesAnEndlessIdAtOnce() {
        expectRefused(
                "id",
                "must be an integer from 1 to 9223372036854775807",
                () -> Parameters.id("id", "9".repeat(1_000_000)));
    }

    @Test
    void decodesNamesAndValues() {
        assertThat(Parameters.decode(null)).isEmpty();
        assertThat(Parameters.decode("")).isEmpty();
        assertThat(Parameters.decode("a=1&b=%C3%BC+x&a=2%2B&c&&d=e=f&%61="))
                .isEqualTo(Map.of(
                        "a", List.of("1", "2+", ""), "b", List.of("\u00FC x"), "c", List.of(""), "d", List.of("e=f")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%FF", "%C3", "%ED%A0%80", "%C0%AF", "x%80y", "%ab%"})
    void refusesWhatIsNotUtf8(String value) {
        String complete = value.replaceFirst("%$", "%25");
        expectRefused("title", "is not UTF-8, percent-encoded", () -> Parameters.decode("id=1&title=eq." + complete));
    }

    private static void expectRefused(String parameter, String detail, ThrowingCallable parse) {
        assertThatThrownBy(parse).isInstanceOfSatisfying(InvalidParameterException.class, e -> {
            assertThat(e.parameter()).isEqualTo(parameter);
            assertThat(e).hasMessage(detail);
        });
    }
}
