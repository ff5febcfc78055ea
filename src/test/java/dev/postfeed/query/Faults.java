package dev.postfeed.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;

/** Expects that parameters are refused, for the right one of them and with the right words. */
final class Faults {

    private Faults() {}

    static void expect(Table table, String parameter, String value, String... words) {
        expect(table, Map.of(parameter, List.of(value)), parameter, words);
    }

    static void expect(Table table, Map<String, List<String>> parameters, String parameter, String... words) {
        assertThatThrownBy(() -> ListQuery.of(table, "/list", parameters))
                .as("%s of %s", parameters, table)
                .isInstanceOfSatisfying(InvalidParameterException.class, e -> {
                    assertThat(e.parameter()).isEqualTo(parameter);
                    assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(600);
                    for (String word : words) {
                        assertThat(e.getMessage()).contains(word);
                    }
                });
    }
}
