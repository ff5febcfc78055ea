package dev.postfeed.web;

import static dev.postfeed.Api.newUser;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postfeed.Answer;
import dev.postfeed.HeldRow;
import dev.postfeed.PostfeedTest;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;

/** Clients that announce a body and do not send it. */
@PostfeedTest
@Covers(Fault.CLIENTS_SLOW)
@TestPropertySource(properties = "postfeed.limits.body-timeout=1s")
class BodyTimeoutIntegrationTests extends LinesFixture {

    private static final Duration LONGEST = Duration.ofSeconds(20);

    @LocalServerPort
    int port;

    @ParameterizedTest
    @CsvSource({
        "POST, /users, application/json",
        "POST, /posts, application/json",
        "PUT, /users/{id}, application/json",
        "PUT, /posts/1, application/json",
        "PATCH, /users/{id}, application/merge-patch+json",
        "PATCH, /posts/1, application/merge-patch+json",
        "POST, /users, application/x-ndjson",
        "POST, /posts, application/x-ndjson"
    })
    void aBodyThatDoesNotComeIsNotWaitedFor(String method, String path, String type) throws Exception {
        String request = method + " " + path.replace("{id}", "" + user) + " HTTP/1.1\r\nHost: x\r\nContent-Type: "
                + type + "\r\nContent-Length: 100\r\n\r\n{";
        long begun = System.nanoTime();
        Answer answer = RawHttp.send(port, request.getBytes(ISO_8859_1)).expectProblem(408, "request-timeout");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(900), LONGEST);
        assertThat(answer.text("/detail")).contains("1.0 s");
        assertThat(answer.header("Connection")).isEqualTo("close");
    }

    @Test
    void anUploadMayTakeItsTimeAsLongAsSomethingComes() throws Exception {
        try (Upload upload = new Upload(port, "/posts")) {
            for (int i = 0; i < 6; i++) {
                upload.send(line(user) + "\n");
                assertThat(upload.line().path("status").asInt()).isEqualTo(201);
                Thread.sleep(600);
            }
            upload.end();
            assertThat(upload.line()).isNull();
        }
        assertThat(stored()).isEqualTo(6);
    }

    @Test
    void anUploadThatFallsSilentIsCutAndKeepsWhatWasAnswered() throws Exception {
        try (Upload upload = new Upload(port, "/posts")) {
            upload.send(line(user) + "\n" + line(user).substring(0, 10));
            assertThat(upload.line().path("status").asInt()).isEqualTo(201);
            assertThatThrownBy(upload::line).isInstanceOf(IOException.class);
        }
        assertThat(stored()).isEqualTo(1);
    }

    @Test
    void anUploadThatWeHoldBackWaits() throws Exception {
        try (Upload upload = new Upload(port, "/posts")) {
            try (HeldRow ignored = new HeldRow(url, user)) {
                upload.send(line(user) + "\n");
                Thread.sleep(3_000);
            }
            assertThat(upload.line().path("status").asInt()).isEqualTo(201);
            upload.send(line(user) + "\n");
            upload.end();
            assertThat(upload.line().path("status").asInt()).isEqualTo(201);
            assertThat(upload.line()).isNull();
        }
        api.post("/users", newUser()).expect(201);
        assertThat(stored()).isEqualTo(2);
    }
}
