package dev.postfeed.database;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The PostgreSQL that Postfeed runs itself when no database is named.
 *
 * @param dataDir where it keeps its data, created when missing, kept for ever; default {@code .postfeed/postgres}
 * @param port its TCP port on loopback, 1 to 65535, default 54321
 */
@ConfigurationProperties("postfeed.embedded")
record EmbeddedProperties(
        @DefaultValue(EmbeddedProperties.DATA_DIR) String dataDir,
        @DefaultValue("54321") Integer port) {

    static final String DATA_DIR = ".postfeed/postgres";

    EmbeddedProperties {
        dataDir = dataDir.isBlank() ? DATA_DIR : dataDir;
        if (Path.of(dataDir).toAbsolutePath().normalize().getFileName() == null) {
            throw new InvalidSettingException(
                    "POSTFEED_EMBEDDED_DATA_DIR", dataDir, "must be a directory below the root");
        }
        if (port < 1 || port > 65535) {
            throw new InvalidSettingException(
                    "POSTFEED_EMBEDDED_PORT", port.toString(), "must be a whole number from 1 to 65535");
        }
    }

    /** The data directory; not bound as a path, for which Spring would look in the class path first. */
    Path directory() {
        return Path.of(dataDir).toAbsolutePath().normalize();
    }
}
