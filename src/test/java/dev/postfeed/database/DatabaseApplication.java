package dev.postfeed.database;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import reactor.core.publisher.Flux;

/**
 * The database's part of the service, within this JVM: the settings of an environment, the embedded PostgreSQL, the
 * migration and the pool, and the report of a start that failed. It starts in a tenth of the time of the whole.
 */
@ConfigurationPropertiesScan
final class DatabaseApplication implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private DatabaseApplication(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts with these settings in the environment, and no others. */
    static DatabaseApplication start(Map<String, String> settings) {
        Map<String, Object> variables = new HashMap<>(settings);
        // A developer's own .env is none of a test's business.
        variables.putIfAbsent("SPRINGDOTENV_ENABLED", "false");
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        SpringApplication application = new SpringApplication(
                DatabaseConfiguration.class,
                ReplicaConnections.class,
                DatabaseApplication.class,
                SimpleMeterRegistry.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setEnvironment(environment);
        return new DatabaseApplication(application.run());
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    /** The one value that a query through the pool gives. */
    @Nullable
    String ask(String sql) {
        return Flux.usingWhen(
                        bean(ConnectionFactory.class).create(),
                        connection -> Flux.from(connection.createStatement(sql).execute())
                                .flatMap((Result result) -> result.map(row -> row.get(0, String.class))),
                        connection -> connection.close())
                .blockLast(Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        context.close();
    }
}
