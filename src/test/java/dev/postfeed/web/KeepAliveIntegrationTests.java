package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.PostfeedTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

/**
 * One connection, many requests: none may wait for ever behind an answer that took no time.
 *
 * @see <a href="https://github.com/reactor/reactor-netty/issues/4361">reactor-netty #4361</a>
 */
@PostfeedTest
class KeepAliveIntegrationTests {

    private static final int ROUNDS = 300;
    private static final int LONGEST_SECONDS = 10;

    @LocalServerPort
    int port;

    @Test
    void answersOfEveryKindFollowEachOther() throws Exception {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<String> targets = List.of("/users?limit=1", "/users?limit=x", "/nowhere", "/users/9", "/posts?order=x");
        for (int i = 0; i < ROUNDS; i++) {
            for (String accept : List.of("application/json", "application/x-ndjson", "text/csv")) {
                for (String target : targets) {
                    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target))
                            .header("Accept", accept)
                            .build();
                    HttpResponse<String> answer = client.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                            .get(LONGEST_SECONDS, TimeUnit.SECONDS);
                    assertThat(answer.statusCode()).isIn(200, 400, 404, 406);
                }
            }
        }
    }
}
