package dev.postfeed.web;

import dev.postfeed.query.InvalidParameterException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
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

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);

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
            // The answer has begun: only cutting it off tells the client that it is not whole.
            return Mono.error(failure);
        }
        if (failure instanceof AbortedException) {
            return Mono.empty(); // The client has gone.
        }
        ProblemBody body = describe(exchange.getRequest(), failure, response.getHeaders());
        response.setStatusCode(HttpStatusCode.valueOf(body.status()));
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        byte[] bytes = json.writeValueAsBytes(body);
        response.getHeaders().setContentLength(bytes.length);
        return response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)))
                // Netty has refused the request by itself (a broken chunk in the body, say): nothing is left to say.
                .onErrorComplete(IllegalStateException.class);
    }

    private ProblemBody describe(ServerHttpRequest request, Throwable failure, HttpHeaders headers) {
        Problem problem = problem(failure);
        ProblemType type = problem.type();
        String detail = problem.getMessage();
        if (type.status().is5xxServerError()) {
            String trace =
                    HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
            detail += " (trace id " + trace + ")";
            report(request, type, trace, failure);
        }
        if (type.status() == HttpStatus.SERVICE_UNAVAILABLE) {
            headers.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER);
        }
        if (failure instanceof ErrorResponse error) {
            headers.putAll(error.getHeaders()); // Allow of a 405, Accept of a 415
        }
        String parameter = failure instanceof InvalidParameterException invalid ? invalid.parameter() : null;
        return ProblemBody.of(type, detail, request.getPath().value(), problem.errors(), parameter);
    }

    private static void report(ServerHttpRequest request, ProblemType type, String trace, Throwable failure) {
        if (type == ProblemType.INTERNAL_ERROR) {
            log.error("{} {}: trace id {}", request.getMethod(), request.getPath(), trace, failure);
        } else {
            log.warn(
                    "{} {}: {}, trace id {}: {}",
                    request.getMethod(),
                    request.getPath(),
                    type.slug(),
                    trace,
                    root(failure));
        }
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString();
    }

    private static Problem problem(Throwable failure) {
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof InvalidParameterException invalid) {
            return new Problem(ProblemType.INVALID_PARAMETER, invalid.parameter() + " " + invalid.getMessage());
        }
        if (failure instanceof InvalidMediaTypeException invalid) {
            return new Problem(ProblemType.NOT_ACCEPTABLE, "Accept: " + invalid.getMessage());
        }
        if (failure instanceof ErrorResponse error) {
            return new Problem(ProblemType.of(error.getStatusCode()), detail(error));
        }
        Problem sql = SqlStates.problem(failure);
        return sql != null ? sql : new Problem(ProblemType.INTERNAL_ERROR, "a fault of the service");
    }

    private static String detail(ErrorResponse error) {
        @Nullable String detail = error.getBody().getDetail();
        if (error.getStatusCode().is5xxServerError() || detail == null) {
            return ProblemType.of(error.getStatusCode()).title();
        }
        return detail;
    }
}
