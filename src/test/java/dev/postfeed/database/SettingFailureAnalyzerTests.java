package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.web.server.PortInUseException;

/** Boot's own setting; ours are tested where they fail a start. */
class SettingFailureAnalyzerTests {

    private final SettingFailureAnalyzer analyzer = new SettingFailureAnalyzer();

    @ParameterizedTest
    @MethodSource("wrongPorts")
    void namesTheServersPort(Throwable failure, String line) {
        assertThat(analyzer.analyze(new IllegalStateException("the context", failure))
                        .getDescription())
                .isEqualTo(line);
    }

    static Stream<Arguments> wrongPorts() {
        String allowed = "must be a whole number from 0 (any free one) to 65535";
        return Stream.of(
                Arguments.of(
                        new PortInUseException(8080),
                        "SERVER_PORT=8080: the port is taken by another program; give a free one"),
                Arguments.of(
                        new InvalidConfigurationPropertyValueException("server.port", "abc", "no number"),
                        "SERVER_PORT=abc: " + allowed),
                Arguments.of(new IllegalArgumentException("port out of range:99999"), "SERVER_PORT=99999: " + allowed));
    }

    @Test
    void leavesOtherFailuresToOthers() {
        assertThat(analyzer.analyze(new IllegalStateException("something else")))
                .isNull();
    }
}
