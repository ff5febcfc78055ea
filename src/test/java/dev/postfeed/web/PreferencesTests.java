package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "return=minimal",
                "Return=Minimal",
                "return = minimal",
                "return=\"minimal\"",
                "return=minimal; foo=\"a,b\"",
                "respond-async, return=minimal",
                "x=\"a,b;\\\"c\", return=minimal",
                ",,return=minimal,",
                "return=minimal, return=representation"
            })
    void readsAPreferenceHoweverItIsWritten(String header) {
        assertThat(Preferences.parse(List.of(header)).has("return=minimal")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "return",
                "return=",
                "return=maximal",
                "minimal",
                "x=\"return=minimal\"",
                "x=\"a, return=minimal\"",
                "return=representation, return=minimal",
                "=return=minimal",
                "\""
            })
    void isNotToldWhatWasNotSaid(String header) {
        assertThat(Preferences.parse(List.of(header)).has("return=minimal")).isFalse();
    }

    @Test
    void readsEveryHeader() {
        Preferences preferences = Preferences.parse(List.of("handling=lenient", "return=minimal, wait=10"));
        assertThat(preferences.has("handling=lenient")).isTrue();
        assertThat(preferences.has("return=minimal")).isTrue();
        assertThat(preferences.get("wait")).isEqualTo("10");
        assertThat(preferences.get("resolution")).isNull();
    }
}
