package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.Map;
import org.springframework.boot.test.system.CapturedOutput;

/** What a start that fails says to whoever has to mend it. */
final class StartFailures {

    private StartFailures() {}

    /** Starts in vain; the one line of the report that begins with a setting. */
    static String line(CapturedOutput output, Map<String, String> settings) {
        int before = output.getAll().length();
        Throwable failure =
                catchThrowable(() -> DatabaseApplication.start(settings).close());
        assertThat(failure).as("the start with %s", settings).isNotNull();
        return line(output.getAll().substring(before));
    }

    /** The one line of a report that begins with a setting. */
    static String line(String output) {
        assertThat(output).contains("APPLICATION FAILED TO START").doesNotContain("Caused by:");
        assertThat(output.lines().filter(line -> line.matches("(DATABASE_URL|POSTGRES_|POSTFEED_).*")))
                .as(output)
                .hasSize(1);
        return output.lines()
                .filter(line -> line.matches("(DATABASE_URL|POSTGRES_|POSTFEED_).*"))
                .findFirst()
                .orElseThrow();
    }
}
