package dev.postfeed.security;

import dev.postfeed.Answer;
import dev.postfeed.PostfeedTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A service that wants tokens. */
@PostfeedTest
abstract class GuardedFixture {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String KEY = "file:" + Tokens.publicKey();

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void tokens(DynamicPropertyRegistry registry) {
        registry.add("spring.security.oauth2.resourceserver.jwt.public-key-location", () -> KEY);
        registry.add("spring.security.oauth2.resourceserver.jwt.audiences", () -> Tokens.AUDIENCE);
    }

    /**
     * The answer to a request with a body of the kind that its method wants. Of a stream the beginning, at most: it may have
     * no end.
     *
     * @param headers each {@code Name: value}
     */
    Answer send(String method, String path, @Nullable String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin() + path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header(
                    "Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json");
        }
        for (String header : headers) {
            String[] nameAndValue = header.split(": ", 2);
            request.header(nameAndValue[0], nameAndValue[1]);
        }
        try {
            HttpResponse<InputStream> response =
                    CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            HttpHeaders all = new HttpHeaders();
            response.headers().map().forEach(all::addAll);
            try (InputStream in = response.body()) {
                boolean isStream = all.getFirst("Content-Length") == null;
                return new Answer(response.statusCode(), all, isStream ? "" : new String(in.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    String origin() {
        return "http://localhost:" + port;
    }

    static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    static String cookie(String token) {
        return "Cookie: other=1; __Host-postfeed=" + token;
    }
}
