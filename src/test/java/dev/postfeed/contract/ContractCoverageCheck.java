package dev.postfeed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * What {@code openapi.yaml} names has been met, and nothing was otherwise. An execution of its own, after all tests: its
 * name is none that the first one looks for.
 */
@DisabledIfSystemProperty(named = "test", matches = ".+", disabledReason = "only a part of the tests has run")
class ContractCoverageCheck {

    @Test
    void everyAnswerThatIsDescribedWasMet() throws IOException {
        Set<String> met = new TreeSet<>(Files.readAllLines(ContractChecker.MET));
        Set<String> named = Contract.read().description().named();
        assertThat(named)
                .as("the operations, statuses and media types of openapi.yaml")
                .hasSizeGreaterThan(300);
        Set<String> missing = new TreeSet<>(named);
        missing.removeAll(met);
        assertThat(missing)
                .as(
                        "what openapi.yaml names and no test has met (met: %s of %s)",
                        named.size() - missing.size(), named.size())
                .isEmpty();
        System.out.println("openapi.yaml: all " + named.size() + " answers that it names were met");
    }

    @Test
    void noAnswerWasOtherwise() throws IOException {
        assertThat(Files.readAllLines(ContractChecker.BROKEN)).isEmpty();
    }
}
