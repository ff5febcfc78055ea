package dev.postfeed.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import tools.jackson.databind.json.JsonMapper;

/** The bodies of answers that the server gives by itself, which have none. */
final class BareRefusals {

    private final JsonMapper json;

    BareRefusals(JsonMapper json) {
        this.json = json;
    }

    /** @param target of the request; null, or a placeholder of Netty's, where it could not be read */
    byte[] problem(int status, @Nullable String target) {
        ProblemType type = ProblemType.of(HttpStatusCode.valueOf(status));
        String path = target == null || target.equals("/bad-request") ? null : target.replaceFirst("\\?.*", "");
        return json.writeValueAsBytes(ProblemBody.of(type, type.explanation(), path, List.of(), null));
    }
}
