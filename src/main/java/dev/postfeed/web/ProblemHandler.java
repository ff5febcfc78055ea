package dev.postfeed.web;

import dev.postfeed.query.InvalidParameterException;
import java.net.URI;
import java.util.HexFormat;
import java.util.Objects;
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
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** The one place where a failure becomes an answer, whatever it came from. Before Boot's own, which has order -1. */
@Component
@Order(-2)
class ProblemHandler implements WebExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemHandler.class);
    private static final DisconnectedClientHelper gone = new DisconnectedClientHelper("dev.postfeed.web.disconnected");

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
        if (gone.checkAndLogClientDisconnectedException(failure)) {
            return Mono.empty();
        }
        ProblemDetail body = describe(exchange.getRequest(), failure, response.getHeaders());
        response.setStatusCode(HttpStatusCode.valueOf(body.getStatus()));
        response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        byte[] bytes = json.writeValueAsBytes(body);
        response.getHeaders().setContentLength(bytes.length);
        return response.writeWith(
                        Mono.fromSupplier(() -> response.bufferFactory().wrap(bytes)))
                // Netty has refused the request by itself (a broken chunk in the body, say): nothing is left to say.
                .onErrorComplete(IllegalStateException.class);
    }

    private ProblemDetail describe(ServerHttpRequest request, Throwable failure, HttpHeaders headers) {
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
        ProblemDetail body = type.describe(Objects.requireNonNull(detail));
        body.setInstance(URI.create(request.getPath().value()));
        if (!problem.errors().isEmpty()) {
            body.setProperty("errors", problem.errors());
        }
        if (failure instanceof InvalidParameterException invalid) {
            body.setProperty("parameter", invalid.parameter());
        }
        return body;
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
            return new Problem(type(error.getStatusCode()), detail(error));
        }
        Problem sql = SqlStates.problem(failure);
        return sql != null ? sql : new Problem(ProblemType.INTERNAL_ERROR, "a fault of the service");
    }

    private static ProblemType type(HttpStatusCode status) {
        return switch (status.value()) {
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 413 -> ProblemType.TOO_LARGE;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            default -> status.is4xxClientError() ? ProblemType.BAD_REQUEST : ProblemType.INTERNAL_ERROR;
        };
    }

    private static String detail(ErrorResponse error) {
        @Nullable String detail = error.getBody().getDetail();
        if (error.getStatusCode().is5xxServerError() || detail == null) {
            return type(error.getStatusCode()).title();
        }
        return detail;
    }
}
