package dev.postfeed.web;

import java.util.List;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import tools.jackson.databind.json.JsonMapper;

/** The one place where a failure becomes an answer, whatever it came from. Before Boot's own, which has order -1. */
@Component
@Order(-2)
class ProblemHandler implements WebExceptionHandler {

    /** Seconds. What these problems wait for is short, or unknown. */
    private static final String RETRY_AFTER = "1";

    private final JsonMapper json;

    ProblemHandler(JsonMapper json) {
        this.json = json;
    }

    @Override
    public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.isCommitted()) {
            return cut(exchange, failure);
        }
        if (failure instanceof AbortedException) {
            return Mono.empty(); // The client has gone.
        }
        ProblemBody body = Problems.describe(exchange.getRequest(), failure);
        HttpStatusCode status = HttpStatusCode.valueOf(body.status());
        forget(response.getHeaders());
        if (status.isSameCodeAs(HttpStatus.SERVICE_UNAVAILABLE)) {
            response.getHeaders().set(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
        }
        if (status.isSameCodeAs(HttpStatus.REQUEST_TIMEOUT)) {
            response.getHeaders().setConnection("close"); // The rest of the body is not waited for.
        }
        if (failure instanceof ErrorResponse error) {
            response.getHeaders().putAll(error.getHeaders()); // Allow of a 405, Accept of a 415
        }
        response.setStatusCode(status);
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        byte[] bytes = json.writeValueAsBytes(body);
        response.getHeaders().setContentLength(bytes.length);
        return response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)))
                // Netty has refused the request by itself (a broken chunk in the body, say): nothing is left to say.
                .onErrorComplete(IllegalStateException.class);
    }

    /**
     * What was said of the answer that there was going to be: a list that is not there has no feed that goes on with it. Not
     * that a page of another origin may read the answer, whatever it is.
     */
    private static void forget(HttpHeaders headers) {
        for (String name : List.copyOf(headers.headerNames())) {
            if (!name.regionMatches(true, 0, "Access-Control-", 0, 15)) {
                headers.remove(name);
            }
        }
    }

    /** The answer has begun: what went wrong goes into the log alone, once. */
    private static Mono<Void> cut(ServerWebExchange exchange, Throwable failure) {
        if (!(failure instanceof AbortedException)) {
            Problems.describe(exchange.getRequest(), failure);
        }
        return ClientConnection.cut(exchange.getResponse());
    }
}
