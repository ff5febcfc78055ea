package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.web.Await;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.test.context.TestPropertySource;

/** A reader that sees nothing of a database that serves everybody else. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=feed-health") // For a table of its own.
class FeedHealthIntegrationTests extends FeedFixture {

    @Autowired
    FeedHealthIndicator feed;

    private Health health() {
        return Objects.requireNonNull(feed.health().block());
    }

    private long secondsSinceLook() {
        return (long) Objects.requireNonNull(health().getDetails().get("secondsSinceLook"));
    }

    private void loseTheReadersConnection() {
        sql.run("select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where datname = current_database() and application_name = 'postfeed-feed'");
    }

    @Test
    void aNodeIsNotReadyWhileItsReaderSeesNothingAndIsReadyAgainByItself() throws Exception {
        Await.until(() -> api.get("/actuator/health/readiness").status() == 200);
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        assertThat(secondsSinceLook()).isLessThan(5);

        sql.run("alter table posts rename to posts_elsewhere");
        try {
            loseTheReadersConnection();
            Await.until(() -> secondsSinceLook() >= 5);
            // It may be back at any moment, and whoever is subscribed is better off here.
            api.get("/actuator/health/readiness").expect(200);

            Await.until(
                    Duration.ofSeconds(40),
                    () -> api.get("/actuator/health/readiness").status() == 503);
            assertThat(health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(secondsSinceLook()).isGreaterThanOrEqualTo(25);
            api.get("/actuator/health").expect(503);
            api.get("/actuator/health/liveness").expect(200);
            api.post("/users", Api.newUser()).expect(201);
        } finally {
            sql.run("alter table posts_elsewhere rename to posts");
        }
        Await.until(() -> api.get("/actuator/health/readiness").status() == 200);
        api.get("/actuator/health").expect(200);
        assertThat(secondsSinceLook()).isLessThan(5);
    }
}
