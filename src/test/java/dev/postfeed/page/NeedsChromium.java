package dev.postfeed.page;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests in a browser: skipped, with the line that installs one, where there is none; with {@code CI=true} they fail. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsChromium.Condition.class)
@interface NeedsChromium {

    class Condition implements ExecutionCondition {

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return decide(Chromium.isInstalled(), System.getenv("CI"));
        }

        static ConditionEvaluationResult decide(boolean installed, @Nullable String ci) {
            return installed || "true".equals(ci)
                    ? ConditionEvaluationResult.enabled(null)
                    : ConditionEvaluationResult.disabled(Chromium.MISSING);
        }
    }
}
