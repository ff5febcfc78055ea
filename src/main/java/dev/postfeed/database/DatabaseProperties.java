package dev.postfeed.database;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.StringUtils;

/**
 * Which database to use: {@code DATABASE_URL}, or the {@code POSTGRES_*} parts, and where they name a pooler the way past it.
 * Blank counts as not set; when nothing is set, Postfeed runs an embedded PostgreSQL.
 *
 * @param url {@code postgresql://user:password@host:port/dbname?options}; wins over the parts
 * @param username default {@code postgres}
 * @param password default empty
 * @param host default {@code localhost}
 * @param port 1 to 65535, default 5432
 * @param dbname default {@code postgres}
 * @param directUrl the same database without a pooler, for what takes a session of its own; default the one that is named
 */
@ConfigurationProperties("postfeed.database")
record DatabaseProperties(
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @Nullable String host,
        @Nullable String port,
        @Nullable String dbname,
        @Nullable String directUrl) {

    static final String URL = "DATABASE_URL";
    static final String DIRECT = "DATABASE_DIRECT_URL";

    /** Whether nothing names a database, so that the embedded one is meant. */
    boolean embedded() {
        return !named() && !StringUtils.hasText(directUrl);
    }

    private boolean named() {
        return Stream.of(url, username, password, host, port, dbname).anyMatch(StringUtils::hasText);
    }

    /** The database that these settings name; of no meaning when {@link #embedded()}. */
    DatabaseUrl resolve() {
        DatabaseUrl database = database();
        return Set.copyOf(direct().hosts()).equals(Set.copyOf(database.hosts())) ? database : database.throughPooler();
    }

    /** The same, where nothing is in between; of no meaning when {@link #embedded()}. */
    DatabaseUrl direct() {
        return StringUtils.hasText(directUrl) ? DatabaseUrl.parse(DIRECT, directUrl.strip()) : database();
    }

    private DatabaseUrl database() {
        if (!named() && StringUtils.hasText(directUrl)) {
            throw new InvalidSettingException(
                    DIRECT, direct().toString(), "is the way past a pooler, and DATABASE_URL must name the pooler");
        }
        if (StringUtils.hasText(url)) {
            return DatabaseUrl.parse(url.strip());
        }
        return DatabaseUrl.of(
                or(host, "localhost"),
                DatabaseUrl.port("POSTGRES_PORT", or(port, "5432")),
                or(username, "postgres"),
                or(password, ""),
                or(dbname, "postgres"),
                Map.of());
    }

    private static String or(@Nullable String value, String fallback) {
        return StringUtils.hasText(value) ? value : fallback;
    }

    @Override
    public String toString() {
        return "DatabaseProperties[embedded=" + embedded() + "]";
    }
}
