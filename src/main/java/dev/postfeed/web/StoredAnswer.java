package dev.postfeed.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * The answer to a write that is one document, whole, so that it can be given again.
 *
 * @param location of the new row; null where there is none, or several
 * @param etag of the row; null where there are several
 * @param applied {@code Preference-Applied}, may be empty
 * @param body JSON, may be empty
 */
record StoredAnswer(
        int status, @Nullable String location, @Nullable String etag, String applied, byte[] body) {

    Mono<ServerResponse> toResponse() {
        ServerResponse.BodyBuilder response = ServerResponse.status(status);
        if (location != null) {
            response.header(HttpHeaders.LOCATION, location);
        }
        if (etag != null) {
            response.header(HttpHeaders.ETAG, etag);
        }
        if (!applied.isEmpty()) {
            response.header(Preferences.APPLIED, applied);
        }
        return body.length == 0 ? response.build() : WholeBody.of(response, MediaType.APPLICATION_JSON, body);
    }
}
