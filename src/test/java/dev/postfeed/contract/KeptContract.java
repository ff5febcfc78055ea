package dev.postfeed.contract;

import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails the test during which an answer was not as {@code openapi.yaml} has it. Registered for all tests. */
public class KeptContract implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) throws InterruptedException {
        List<String> violations = ContractChecker.violations();
        if (!violations.isEmpty()) {
            throw new AssertionError(violations.size() + " answers are not as openapi.yaml has them, the first: "
                    + String.join("\n", violations.subList(0, Math.min(5, violations.size()))));
        }
    }
}
