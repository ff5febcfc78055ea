package dev.postfeed.database;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.ConverterNotFoundException;

/** One line for a bad setting: its name in the environment, its value, what is allowed. */
class SettingFailureAnalyzer implements FailureAnalyzer {

    private static final Map<Class<?>, String> ALLOWED = Map.of(
            Integer.class, "must be a whole number",
            Boolean.class, "must be true or false",
            Duration.class, "must be a number of seconds, or a number with a unit such as 500ms, 30s, 5m, 1h");

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        InvalidSettingException invalid = find(failure, InvalidSettingException.class);
        if (invalid != null) {
            return new FailureAnalysis(invalid.getMessage(), null, invalid);
        }
        PortInUseException port = find(failure, PortInUseException.class);
        if (port != null) {
            return new FailureAnalysis(
                    "SERVER_PORT=" + port.getPort() + ": the port is taken by another program; give a free one",
                    null,
                    port);
        }
        BindException bind = find(failure, BindException.class);
        if (bind == null || !bind.getName().toString().matches("(postfeed|server)(\\..*)?")) {
            return null;
        }
        boolean wrongType = find(bind, ConversionFailedException.class) != null
                || find(bind, ConverterNotFoundException.class) != null;
        ConfigurationProperty property = bind.getProperty();
        if (!wrongType || property == null) {
            return null;
        }
        Class<?> type = bind.getTarget().getType().resolve(Object.class);
        String line = "%s=%s: %s"
                .formatted(
                        environmentName(property.getName().toString()),
                        property.getValue(),
                        ALLOWED.getOrDefault(type, "must be a " + type.getSimpleName()));
        return new FailureAnalysis(line, null, bind);
    }

    private static String environmentName(String property) {
        return property.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static <T extends Throwable> @Nullable T find(@Nullable Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }
}
