package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.Map;
import org.springframework.boot.test.system.CapturedOutput;

/** What a start that fails says to whoever has to mend it. */
final class StartFailures {

    private StartFailures() {}

    /** Starts in vain; the one line of the report that begins with a setting. */
    static String line(CapturedOutput output, Map<String, String> settings) {
        return line(output(output, settings));
    }

    /** The same where Liquibase reports the failure too, in its own way. */
    static String lineBesideLiquibase(CapturedOutput output, Map<String, String> settings) {
        return settingLine(output(output, settings));
    }

    /** The one line of a report that begins with a setting; there is no stack trace to hide it. */
    static String line(String output) {
        assertThat(output).doesNotContain("Caused by:");
        return settingLine(output);
    }

    private static String output(CapturedOutput output, Map<String, String> settings) {
        int before = output.getAll().length();
        Throwable failure =
                catchThrowable(() -> DatabaseApplication.start(settings).close());
        assertThat(failure).as("the start with %s", settings).isNotNull();
        return output.getAll().substring(before);
    }

    private static String settingLine(String output) {
        assertThat(output).contains("APPLICATION FAILED TO START");
        List<String> lines = output.lines()
                .filter(line -> line.matches("(DATABASE_(DIRECT_)?URL|POSTGRES_|POSTFEED_).*"))
                .toList();
        assertThat(lines).as(output).hasSize(1);
        return lines.get(0);
    }
}
