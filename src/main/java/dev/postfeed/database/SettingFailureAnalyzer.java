package dev.postfeed.database;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.ConverterNotFoundException;

/** One line for a bad setting: its name in the environment, its value, what is allowed. */
@Order(Ordered.HIGHEST_PRECEDENCE)
class SettingFailureAnalyzer implements FailureAnalyzer {

    /** What the JDK says of a port that is none. */
    private static final String OUT_OF_RANGE = "port out of range:";

    private static final String PORT = "must be a whole number from 0 (any free one) to 65535";
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
        InvalidConfigurationPropertyValueException value =
                find(failure, InvalidConfigurationPropertyValueException.class);
        if (value != null && !value.getName().equals("server.port")) {
            // How packages that may not know this one, and Boot, say the same.
            return new FailureAnalysis(
                    environmentName(value.getName()) + "=" + value.getValue() + ": " + value.getReason(), null, value);
        }
        FailureAnalysis port = serverPort(failure);
        if (port != null) {
            return port;
        }
        BindException bind = find(failure, BindException.class);
        if (bind == null || !bind.getName().toString().startsWith("postfeed.")) {
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

    /** Boot's own setting, of which Boot says everything but its name in the environment. */
    private static @Nullable FailureAnalysis serverPort(Throwable failure) {
        PortInUseException inUse = find(failure, PortInUseException.class);
        if (inUse != null) {
            return new FailureAnalysis(
                    "SERVER_PORT=" + inUse.getPort() + ": the port is taken by another program; give a free one",
                    null,
                    inUse);
        }
        InvalidConfigurationPropertyValueException invalid =
                find(failure, InvalidConfigurationPropertyValueException.class);
        if (invalid != null && invalid.getName().equals("server.port")) {
            return new FailureAnalysis("SERVER_PORT=" + invalid.getValue() + ": " + PORT, null, invalid);
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String said = String.valueOf(cause.getMessage());
            if (said.startsWith(OUT_OF_RANGE)) {
                String value = said.substring(OUT_OF_RANGE.length());
                return new FailureAnalysis("SERVER_PORT=" + value + ": " + PORT, null, cause);
            }
        }
        return null;
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
