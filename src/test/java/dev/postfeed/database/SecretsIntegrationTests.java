package dev.postfeed.database;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import dev.postfeed.security.Tokens;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A service that tells all it can, over requests of all kinds and a database that fails: the secrets are not in it. */
@Timeout(180)
@Covers(Fault.SECRETS)
class SecretsIntegrationTests {

    /** A word that is in the password of {@link SecuredPostgres}, however it is encoded. */
    private static final String CANARY = "canary";

    /** What proves to PostgreSQL that the password is known, from which it can be guessed at leisure. */
    private static final String SCRAM_PROOF = "p=[A-Za-z0-9+/]{43}=";

    private static final String MD5_PROOF = "md5digest";

    @TempDir
    Path directory;

    private final String token = Tokens.withScopes(Tokens.ALL_SCOPES);
    private final String poor = Tokens.withScopes("posts:read");
    private final String forged = Tokens.bySomebodyElse();
    private final String expired = Tokens.expiresIn(Duration.ofHours(-1));
    private final List<Answer> answers = new ArrayList<>();

    @Test
    void noSecretIsInALogAnAnswerOrAMetric() throws Exception {
        String output;
        try (SecuredPostgres postgres = SecuredPostgres.start(directory);
                PostfeedProcess postfeed = PostfeedProcess.start(
                        directory,
                        Map.of(
                                "DATABASE_URL",
                                postgres.url("writer"),
                                "LOGGING_LEVEL_ROOT",
                                "TRACE",
                                "MANAGEMENT_ENDPOINT_HEALTH_SHOW_DETAILS",
                                "always",
                                "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_PUBLIC_KEY_LOCATION",
                                "file:" + Tokens.publicKey(),
                                "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES",
                                Tokens.AUDIENCE))) {
            Api api = new Api(postfeed.client());
            List<String> authorizations = List.of(
                    "Authorization: Bearer " + token,
                    "Cookie: __Host-postfeed=" + token,
                    "Authorization: Bearer " + poor,
                    "Authorization: Bearer " + forged,
                    "Cookie: __Host-postfeed=" + forged,
                    "Authorization: Bearer " + expired,
                    "Authorization: Bearer " + CANARY,
                    "Authorization: Basic " + CANARY,
                    "Accept: */*");
            for (String authorization : authorizations) {
                ask(api, postfeed.awaitReady(), authorization);
                terminateAll(postgres);
            }
            postgres.close();
            ask(api, postfeed.awaitReady(), authorizations.get(0));
            output = postfeed.stop();
        }
        assertThat(answers).extracting(Answer::status).contains(200, 201, 204, 304, 400, 401, 403, 404, 412, 503);
        for (String told : List.of(" TRACE ", "PostgreSQL is at postgresql://writer@", "trace id", "SASLResponse")) {
            assertThat(output.contains(told)).as("'%s' in the log", told).isTrue();
        }
        assertNoSecret("the log", output);
        for (Answer answer : answers) {
            assertNoSecret("an answer", answer.body());
        }
    }

    private void assertNoSecret(String what, String text) {
        // Without the text, which is long.
        assertThat(text.contains(CANARY))
                .as("a password or a header in %s", what)
                .isFalse();
        assertThat(text.lines().filter(line -> line.matches(".*" + SCRAM_PROOF + ".*") || line.contains(MD5_PROOF)))
                .as("a proof of the password in %s", what)
                .isEmpty();
        for (String each : List.of(token, poor, forged, expired)) {
            String signature = each.substring(each.lastIndexOf('.') + 1);
            assertThat(text.contains(signature)).as("a token in %s", what).isFalse();
        }
    }

    private void ask(Api api, String origin, String authorization) {
        String same = "Origin: " + origin;
        String key = "Idempotency-Key: \"" + CANARY + authorization.length() + "\"";
        Answer created = tell(api.post("/users", newUser(), authorization, same, key));
        String tag = created.status() == 201 ? created.etag() : "\"x\"";
        String path = created.status() == 201 ? created.header("Location") : "/users/1";
        tell(api.get(path, authorization, "If-None-Match: " + tag));
        tell(api.get("/users?limit=1", authorization));
        tell(api.get("/posts", authorization, "Accept: application/x-ndjson"));
        tell(api.get("/users/0", authorization));
        tell(api.get("/unknown", authorization));
        tell(api.head("/posts/feed", authorization));
        tell(api.post("/users", "{", authorization, same));
        tell(api.postLines(
                "/posts", json("title", "a") + "\n{", authorization, same, key.replace(CANARY, CANARY + "s")));
        tell(api.put(path, newUser(), authorization, same));
        tell(api.delete(path, authorization, same, "If-Match: \"x\""));
        tell(api.delete(path, authorization, "Origin: http://other.example"));
        tell(api.post("/session", "", authorization, same));
        for (String operators : List.of("", "/prometheus", "/health", "/health/readiness")) {
            tell(api.get("/actuator" + operators, authorization));
        }
    }

    private Answer tell(Answer answer) {
        answers.add(answer);
        return answer;
    }

    private static void terminateAll(SecuredPostgres postgres) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + postgres.port() + "/postgres", "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'writer'");
        }
    }
}
