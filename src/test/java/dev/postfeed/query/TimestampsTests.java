package dev.postfeed.query;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTests {

    @ParameterizedTest
    @CsvSource({
        "2026-11-22,                          2026-11-22 00:00:00.000000+00 AD",
        "2026-11-22T10:00,                    2026-11-22 10:00:00.000000+00 AD",
        "2026-11-22 10:00:01,                 2026-11-22 10:00:01.000000+00 AD",
        "2026-11-22T10:00:01.5,               2026-11-22 10:00:01.500000+00 AD",
        "2026-11-22T10:00:01.000001Z,         2026-11-22 10:00:01.000001+00 AD",
        "2026-11-22T10:00:01.123456+02,       2026-11-22 08:00:01.123456+00 AD",
        "2026-11-22T10:00:01-02:30,           2026-11-22 12:30:01.000000+00 AD",
        "2026-11-22T10:00-00:30,              2026-11-22 10:30:00.000000+00 AD",
        "2024-02-29,                          2024-02-29 00:00:00.000000+00 AD",
        "0001-01-01T00:00:00+15:59,           0001-12-31 08:01:00.000000+00 BC",
        "9999-12-31T23:59:59.999999-15:59,    10000-01-01 15:58:59.999999+00 AD",
        "infinity,                            infinity",
        "-infinity,                           -infinity",
    })
    void areMadeCanonical(String text, String canonical) {
        assertThat(Timestamps.parse(text)).isEqualTo(canonical);
        assertThat(Timestamps.isCanonical(canonical)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "now",
                "today",
                "epoch",
                "1",
                "2026",
                "2026-11",
                "26-11-22",
                "2026-1-2",
                "2026/11/22",
                "2026-13-01",
                "2026-02-29",
                "2026-11-31",
                "2026-00-01",
                "2026-01-00",
                "0000-01-01",
                "10000-01-01",
                "-0001-01-01",
                "2026-11-22T",
                "2026-11-22T10",
                "2026-11-22T24:00",
                "2026-11-22T10:60",
                "2026-11-22T10:00:60",
                "2026-11-22T10:00:00.",
                "2026-11-22T10:00:00.1234567",
                "2026-11-22T10:00:00,5",
                "2026-11-22  10:00",
                "2026-11-22T10:00:00 02:00",
                "2026-11-22T10:00:00+2",
                "2026-11-22T10:00:00+16:00",
                "2026-11-22T10:00:00+02:60",
                "2026-11-22Z",
                "2026-11-22T10:00:00z",
                "2026-11-22T10:00:00 UTC",
                "2026-11-22T10:00:00[UTC]",
                " 2026-11-22",
                "2026-11-22 ",
                "2026-11-22\n",
                "\u0662\u0660\u0662\u0666-11-22",
                "Infinity",
                "+infinity",
                "infinity ",
                "2026-11-22 BC"
            })
    void areRefused(String text) {
        assertThat(Timestamps.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "294276-12-31 23:59:59.999999+00 AD",
                "4713-01-01 00:00:00.000000+00 BC",
                "0001-01-01 00:00:00.000000+00 BC",
                "0004-02-29 00:00:00.000000+00 AD",
                "0005-02-29 00:00:00.000000+00 BC"
            })
    void areCanonicalAsPostgresqlWritesThem(String text) {
        assertThat(Timestamps.isCanonical(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-22",
                "2026-11-22 00:00:00.000000+00",
                "2026-11-22 00:00:00.000000+01 AD",
                "2026-11-22T00:00:00.000000+00 AD",
                "2026-11-22 00:00:00+00 AD",
                "2026-02-30 00:00:00.000000+00 AD",
                "294277-01-01 00:00:00.000000+00 AD",
                "4714-01-01 00:00:00.000000+00 BC",
                "0000-01-01 00:00:00.000000+00 AD",
                "0000-01-01 00:00:00.000000+00 BC",
                "02026-11-22 00:00:00.000000+00 AD",
                "2026-11-22 24:00:00.000000+00 AD",
                "2026-11-22 00:00:60.000000+00 AD",
                "2026-11-22 00:00:00.000000+00 CE",
                "NaN"
            })
    void areNotCanonical(String text) {
        assertThat(Timestamps.isCanonical(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22 10:30:00+00,            2026-11-22T10:30:00.000000Z,    2026-11-22 10:30:00.000000+00 AD",
        "2026-11-22 10:30:00.1+00,          2026-11-22T10:30:00.100000Z,    2026-11-22 10:30:00.100000+00 AD",
        "2026-11-22 10:30:00.123456+00,     2026-11-22T10:30:00.123456Z,    2026-11-22 10:30:00.123456+00 AD",
        "2026-11-22 10:30:00.000001+00,     2026-11-22T10:30:00.000001Z,    2026-11-22 10:30:00.000001+00 AD",
        "0001-01-01 00:00:00+00,            0001-01-01T00:00:00.000000Z,    0001-01-01 00:00:00.000000+00 AD",
        "294276-12-31 23:59:59.999999+00,   294276-12-31T23:59:59.999999Z,  294276-12-31 23:59:59.999999+00 AD",
        "0044-03-15 12:00:00.5+00 BC,       0044-03-15T12:00:00.500000Z,    0044-03-15 12:00:00.500000+00 BC",
        "2026-11-22 16:15:00.12+05:45,      2026-11-22T10:30:00.120000Z,    2026-11-22 10:30:00.120000+00 AD",
        "2026-11-22 00:30:00-10,            2026-11-22T10:30:00.000000Z,    2026-11-22 10:30:00.000000+00 AD",
        "1800-01-01 05:41:16+05:41:16,      1800-01-01T00:00:00.000000Z,    1800-01-01 00:00:00.000000+00 AD",
        "0001-12-31 23:59:59-00:01:15 BC,   0001-01-01T00:01:14.000000Z,    0001-01-01 00:01:14.000000+00 AD",
        "0001-01-01 03:00:00+05:45,         0001-12-31T21:15:00.000000Z,    0001-12-31 21:15:00.000000+00 BC",
        "infinity,                          infinity,                       infinity",
        "-infinity,                         -infinity,                      -infinity",
    })
    void areReadAsPostgresqlWritesThem(String plain, String iso, String canonical) {
        assertThat(new String(Timestamps.iso(plain.getBytes(US_ASCII)), US_ASCII))
                .isEqualTo(iso);
        assertThat(Timestamps.canonical(plain)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "22.11.2026 10:30:00 UTC", "Sun Nov 22 10:30:00 2026 UTC", "2026-11-22 10:30:00"})
    void areNotGuessed(String plain) {
        assertThatIllegalArgumentException().isThrownBy(() -> Timestamps.canonical(plain));
        assertThatIllegalArgumentException().isThrownBy(() -> Timestamps.iso(plain.getBytes(US_ASCII)));
    }
}
