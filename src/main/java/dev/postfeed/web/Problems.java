package dev.postfeed.web;

import dev.postfeed.query.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.ErrorResponse;

/** What each failure is to the client, whatever it came from. */
final class Problems {

    private static final Logger log = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    /** The problem that a failure is to the client; the log has more of a 5xx, under the trace id in its detail. */
    static ProblemBody describe(ServerHttpRequest request, Throwable failure) {
        Problem problem = problem(failure);
        ProblemType type = problem.type();
        String detail = problem.getMessage();
        if (type.status().is5xxServerError()) {
            String trace = TraceParent.traceId(request.getHeaders().getFirst(TraceParent.NAME.toString()));
            detail += " (trace id " + trace + ")";
            report(request, type, trace, failure);
        }
        String parameter = failure instanceof InvalidParameterException invalid ? invalid.parameter() : null;
        return ProblemBody.of(type, detail, request.getPath().value(), problem.errors(), parameter);
    }

    private static void report(ServerHttpRequest request, ProblemType type, String trace, Throwable failure) {
        if (type == ProblemType.INTERNAL_ERROR) {
            log.atError()
                    .addKeyValue("trace.id", trace)
                    .setCause(failure)
                    .log("{} {}: trace id {}", request.getMethod(), request.getPath(), trace);
        } else {
            log.atWarn()
                    .addKeyValue("trace.id", trace)
                    .addArgument(request.getMethod())
                    .addArgument(request.getPath())
                    .addArgument(type.slug())
                    .addArgument(trace)
                    .addArgument(root(failure))
                    .log("{} {}: {}, trace id {}: {}");
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
