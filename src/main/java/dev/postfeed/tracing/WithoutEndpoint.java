package dev.postfeed.tracing;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Leaves out all that Boot sets up for tracing where spans have nowhere to go: it would make some for each request, and throw
 * them away.
 */
class WithoutEndpoint implements AutoConfigurationImportFilter, EnvironmentAware {

    private boolean isSet;

    @Override
    public void setEnvironment(Environment environment) {
        isSet = StringUtils.hasText(environment.getProperty(Tracing.ENDPOINT));
    }

    @Override
    public boolean[] match(@Nullable String[] candidates, AutoConfigurationMetadata metadata) {
        boolean[] stays = new boolean[candidates.length];
        for (int i = 0; i < candidates.length; i++) {
            String candidate = candidates[i];
            stays[i] = isSet
                    || candidate == null
                    || !candidate.startsWith("org.springframework.boot.micrometer.tracing.")
                            && !candidate.startsWith("org.springframework.boot.opentelemetry.");
        }
        return stays;
    }
}
