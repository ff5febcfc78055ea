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
        @DefaultValue(".postfeed/postgres") Path dataDir,
        @DefaultValue("54321") int port) {

    EmbeddedProperties {
        if (port < 1 || port > 65535) {
            throw new InvalidSettingException(
                    "POSTFEED_EMBEDDED_PORT", Integer.toString(port), "must be a whole number from 1 to 65535");
        }
    }
}
