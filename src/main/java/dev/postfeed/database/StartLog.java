package dev.postfeed.database;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.StringUtils;

/** Says where things are, once they are there. */
@Component
class StartLog implements ApplicationListener<WebServerInitializedEvent> {

    private static final Logger log = LoggerFactory.getLogger(StartLog.class);

    private final DatabaseUrl database;
    private final Environment environment;
    private final String scheme;

    StartLog(DatabaseUrl database, Environment environment, ServerProperties server) {
        this.database = database;
        this.environment = environment;
        this.scheme = Ssl.isEnabled(server.getSsl()) ? "https" : "http";
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if (event.getApplicationContext().getServerNamespace() != null) {
            return; // The management port has a server, and an event, of its own.
        }
        String set = environment.getProperty("server.address");
        String address = StringUtils.hasText(set) ? set : "127.0.0.1";
        String host = address.contains(":") ? "[" + address + "]" : address;
        log.info(
                "Postfeed is at {}://{}:{}/", scheme, host, event.getWebServer().getPort());
        log.info("PostgreSQL is at {}", database);
    }
}
