package dev.postfeed.database;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.StringUtils;

/**
 * Which database to use: {@code DATABASE_URL}, or the {@code POSTGRES_*} parts. Blank counts as not set; when nothing
 * is set, Postfeed runs an embedded PostgreSQL.
 *
 * @param url {@code postgresql://user:password@host:port/dbname?options}; wins over the parts
 * @param username default {@code postgres}
 * @param password default empty
 * @param host default {@code localhost}
 * @param port 1 to 65535, default 5432
 * @param dbname default {@code postgres}
 */
@ConfigurationProperties("postfeed.database")
record DatabaseProperties(
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @Nullable String host,
        @Nullable String port,
        @Nullable String dbname) {

    /** Whether nothing names a database, so that the embedded one is meant. */
    boolean embedded() {
        return !StringUtils.hasText(url)
                && !StringUtils.hasText(username)
                && !StringUtils.hasText(password)
                && !StringUtils.hasText(host)
                && !StringUtils.hasText(port)
                && !StringUtils.hasText(dbname);
    }

    /** The database that these settings name; of no meaning when {@link #embedded()}. */
    DatabaseUrl resolve() {
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
