package dev.postfeed.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
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
    void everythingThatIsDescribedWasMet() throws IOException {
        Set<String> met = new HashSet<>(Files.readAllLines(ContractChecker.MET));
        Set<String> missing = new TreeSet<>();
        Contract.read().named().forEach((kind, named) -> {
            assertThat(named).as("%s of openapi.yaml", kind).hasSizeGreaterThan(100);
            Set<String> unmet = new TreeSet<>(named);
            unmet.removeAll(met);
            System.out.printf("openapi.yaml: %s named %d, met %d%n", kind, named.size(), named.size() - unmet.size());
            missing.addAll(unmet);
        });
        assertThat(missing).as("what openapi.yaml names and no test has met").isEmpty();
    }

    @Test
    void noAnswerWasOtherwise() throws IOException {
        assertThat(Files.readAllLines(ContractChecker.BROKEN)).isEmpty();
    }
}
