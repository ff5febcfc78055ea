package dev.postfeed.web;

import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** The body of an answer that is there, encoded: no writer of a message has to be found for it. */
final class WholeBody {

    private WholeBody() {}

    /** The answer with such a body, which is not to be changed any more. */
    static Mono<ServerResponse> of(ServerResponse.BodyBuilder answer, MediaType type, byte[] body) {
        return answer.contentType(type).contentLength(body.length).build((exchange, context) -> {
            ServerHttpResponse response = exchange.getResponse();
            return response.writeWith(
                    Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
        });
    }
}
