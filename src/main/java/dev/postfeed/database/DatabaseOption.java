package dev.postfeed.database;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.client.SSLMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options of a connection URI, by libpq's names, and what each is called by the two drivers. An option that is not
 * here is refused: silently dropping one ({@code sslmode} misspelt, say) would be worse.
 */
enum DatabaseOption {
    SSLMODE("sslmode", "disable|allow|prefer|require|verify-ca|verify-full") {
        @Override
        void r2dbc(PostgresqlConnectionConfiguration.Builder builder, String value) {
            builder.sslMode(SSLMode.fromValue(value));
        }
    },
    SSLROOTCERT("sslrootcert", ".+") {
        @Override
        void r2dbc(PostgresqlConnectionConfiguration.Builder builder, String value) {
            builder.sslRootCert(value);
        }
    },
    SSLCERT("sslcert", ".+") {
        @Override
        void r2dbc(PostgresqlConnectionConfiguration.Builder builder, String value) {
            builder.sslCert(value);
        }
    },
    SSLKEY("sslkey", ".+") {
        @Override
        void r2dbc(PostgresqlConnectionConfiguration.Builder builder, String value) {
            builder.sslKey(value);
        }
    },
    APPLICATION_NAME("application_name", ".+") {
        @Override
        void jdbc(Map<String, String> properties, String value) {
            properties.put("ApplicationName", value);
        }

        @Override
        void r2dbc(PostgresqlConnectionConfiguration.Builder builder, String value) {
            builder.applicationName(value);
        }
    },
    /** Read by {@link DatabaseUrl#connectTimeout()}, which has a default. */
    CONNECT_TIMEOUT("connect_timeout", "[1-9][0-9]{0,3}") {
        @Override
        void jdbc(Map<String, String> properties, String value) {}

        @Override
        void r2dbc(PostgresqlConnectionConfiguration.Builder builder, String value) {}
    },
    /** For the pool it is {@link DatabaseUrl#needsWritableHost()}. */
    TARGET_SESSION_ATTRS("target_session_attrs", "any|read-write|primary") {
        @Override
        void jdbc(Map<String, String> properties, String value) {
            properties.put("targetServerType", value.equals("any") ? "any" : "primary");
        }

        @Override
        void r2dbc(PostgresqlConnectionConfiguration.Builder builder, String value) {}
    },
    /**
     * Server settings in the form {@code -c name=value -c name=value}. Text and times are read in the encoding and the style
     * that the driver asks for: these come before what it asks for, and it would not notice.
     */
    OPTIONS("options", "(-c ?(?!(?i:DateStyle|client_encoding)=)[A-Za-z_.]+=\\S+ *)+") {
        @Override
        void r2dbc(PostgresqlConnectionConfiguration.Builder builder, String value) {
            Map<String, String> settings = new LinkedHashMap<>();
            Matcher setting = SETTING.matcher(value);
            while (setting.find()) {
                settings.put(setting.group("name"), setting.group("value"));
            }
            builder.options(settings);
        }
    };

    private static final Pattern SETTING = Pattern.compile("-c ?(?<name>[A-Za-z_.]+)=(?<value>\\S+)");

    private final String libpqName;
    private final Pattern pattern;

    DatabaseOption(String libpqName, String pattern) {
        this.libpqName = libpqName;
        this.pattern = Pattern.compile(pattern);
    }

    static @Nullable DatabaseOption named(String name) {
        return Arrays.stream(values())
                .filter(option -> option.libpqName.equals(name))
                .findFirst()
                .orElse(null);
    }

    static String names() {
        return Arrays.stream(values()).map(option -> option.libpqName).collect(Collectors.joining(", "));
    }

    boolean accepts(String value) {
        return pattern.matcher(value).matches() && (!isFile() || Files.isReadable(Path.of(value)));
    }

    private boolean isFile() {
        return this == SSLROOTCERT || this == SSLCERT || this == SSLKEY;
    }

    String allowed() {
        return switch (this) {
            case SSLMODE, TARGET_SESSION_ATTRS -> "one of " + pattern.pattern().replace("|", ", ");
            case CONNECT_TIMEOUT -> "a number of seconds from 1 to 9999";
            case OPTIONS -> "of the form -c name=value, and neither DateStyle nor client_encoding";
            case SSLROOTCERT, SSLCERT, SSLKEY -> "a file that can be read";
            default -> "not empty";
        };
    }

    /** Sets this option for the JDBC driver, which shares libpq's spelling of most. */
    void jdbc(Map<String, String> properties, String value) {
        properties.put(libpqName, value);
    }

    /** Sets this option for the R2DBC driver. */
    abstract void r2dbc(PostgresqlConnectionConfiguration.Builder builder, String value);
}
