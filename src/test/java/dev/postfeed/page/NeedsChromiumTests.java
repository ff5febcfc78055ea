package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** What becomes of the tests of the page on a machine without a browser. */
class NeedsChromiumTests {

    @Test
    void withoutABrowserTheyAreSkippedAndSayHowToGetOne() {
        for (String ci : new String[] {null, "", "false"}) {
            ConditionEvaluationResult result = NeedsChromium.Condition.decide(false, ci);
            assertThat(result.isDisabled()).isTrue();
            assertThat(result.getReason())
                    .hasValueSatisfying(
                            reason -> assertThat(reason).endsWith("apt-get install chromium chromium-driver"));
        }
    }

    /** Where they fail, with the same line. */
    @Test
    void inCiTheyAreNotSkipped() {
        assertThat(NeedsChromium.Condition.decide(false, "true").isDisabled()).isFalse();
    }

    @Test
    void withABrowserTheyRun() {
        assertThat(NeedsChromium.Condition.decide(true, null).isDisabled()).isFalse();
    }
}
