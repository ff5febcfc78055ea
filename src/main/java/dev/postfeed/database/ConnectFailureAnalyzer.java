package dev.postfeed.database;

import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/** One line for a database that does not let Postfeed in: the setting to look at, and what the server said. */
class ConnectFailureAnalyzer implements FailureAnalyzer {

    /** SQLSTATE, or its class, to the part of the address that is wrong. */
    private static final Map<String, String> PART = Map.of(
            "28P01", "password",
            "28", "username",
            "3D", "dbname",
            "08", "host");

    private static final Map<String, String> PROPERTY = Map.of(
            DatabaseProperties.DIRECT, "postfeed.database.direct-url",
            DatabaseProperties.URL, "postfeed.database.url");

    /** Raised by the change log for tables that are not ours. */
    private static final String FOREIGN_SCHEMA = "3F000";

    private final Environment environment;

    ConnectFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        SQLException cause = null;
        for (Throwable next = failure; next != null; next = next.getCause()) {
            if (next instanceof SQLException sql) {
                cause = sql;
            }
        }
        String state = cause == null ? null : cause.getSQLState();
        if (cause == null || state == null) {
            return null;
        }
        String said = cause.getMessage() == null
                ? ""
                : cause.getMessage().lines().findFirst().orElse("");
        if (state.equals(FOREIGN_SCHEMA)) {
            return new FailureAnalysis(setting("dbname") + ": " + said.replaceFirst("^ERROR: ", ""), null, cause);
        }
        String part = isTls(cause, said) ? "sslmode" : PART.getOrDefault(state, PART.get(state.substring(0, 2)));
        if (part == null) {
            return null;
        }
        return new FailureAnalysis(setting(part) + ": the database refuses the connection: " + said, null, cause);
    }

    /** TLS has no SQLSTATE of its own: the driver reports it as a host, the server as a role, that is not there. */
    private boolean isTls(SQLException failure, String said) {
        String setting = urlSetting();
        if (setting == null) {
            return false;
        }
        String mode = url(setting).options().getOrDefault(DatabaseOption.SSLMODE, "prefer");
        if (said.endsWith("no encryption")) {
            return mode.equals("disable") || mode.equals("allow");
        }
        return failure.getCause() instanceof SSLException || said.contains("SSL") || said.contains("hostnameverifier");
    }

    /** The setting of the URL that Liquibase connects to; null where the parts of one are set. */
    private @Nullable String urlSetting() {
        return Stream.of(DatabaseProperties.DIRECT, DatabaseProperties.URL)
                .filter(setting ->
                        StringUtils.hasText(environment.getProperty(Objects.requireNonNull(PROPERTY.get(setting)))))
                .findFirst()
                .orElse(null);
    }

    private DatabaseUrl url(String setting) {
        return DatabaseUrl.parse(
                setting,
                environment
                        .getRequiredProperty(Objects.requireNonNull(PROPERTY.get(setting)))
                        .strip());
    }

    /** The setting and its value; a password and a URL that may hold one are not shown. */
    private String setting(String part) {
        String setting = urlSetting();
        if (setting != null) {
            return setting + "=" + url(setting) + " (" + part + ")";
        }
        if (part.equals("password")) {
            return "POSTGRES_PASSWORD";
        }
        if (part.equals("host")) {
            return "POSTGRES_HOST=%s, POSTGRES_PORT=%s".formatted(value("host", "localhost"), value("port", "5432"));
        }
        return "POSTGRES_%s=%s".formatted(part.toUpperCase(Locale.ROOT), value(part, "postgres"));
    }

    private String value(String part, String fallback) {
        String value = environment.getProperty("postfeed.database." + part);
        return StringUtils.hasText(value) ? value : fallback;
    }
}
