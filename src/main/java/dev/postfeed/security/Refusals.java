package dev.postfeed.security;

import dev.postfeed.web.Problem;
import dev.postfeed.web.ProblemType;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.jwt.JwtValidationException;
import org.springframework.security.web.server.ServerAuthenticationEntryPoint;
import org.springframework.security.web.server.authorization.ServerAccessDeniedHandler;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * What is said to who is not let in, as problems.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, the WWW-Authenticate field</a>
 */
final class Refusals implements ServerAuthenticationEntryPoint, ServerAccessDeniedHandler {

    /** Nobody has said who they are. */
    @Override
    public Mono<Void> commence(ServerWebExchange exchange, AuthenticationException failure) {
        return Mono.error(() -> refusal(
                HttpStatus.UNAUTHORIZED, "a token is needed, as Authorization: Bearer and the token", "Bearer"));
    }

    /** Who they are is known, and not enough. */
    @Override
    public Mono<Void> handle(ServerWebExchange exchange, AccessDeniedException denied) {
        String scopes = String.join(" ", new TreeSet<>(Scopes.missing(exchange)));
        if (scopes.isEmpty()) {
            return Mono.error(() -> forbidden("this is for nobody here"));
        }
        return Mono.error(() -> refusal(
                HttpStatus.FORBIDDEN,
                "the token has not the scope " + scopes,
                "Bearer error=\"insufficient_scope\", scope=\"" + scopes + "\""));
    }

    /** What they say about who they are is not believed, or could not be looked into. */
    static RuntimeException of(AuthenticationException failure) {
        if (failure instanceof AuthenticationServiceException) {
            return new Problem(
                    ProblemType.IDENTITY_PROVIDER_UNAVAILABLE, "the token could not be verified", List.of(), failure);
        }
        String reason = reason(failure.getCause());
        return refusal(
                HttpStatus.UNAUTHORIZED,
                reason,
                "Bearer error=\"invalid_token\", error_description=\"" + reason.replace('"', '\'') + "\"");
    }

    /** What is wrong with claims that are signed; of anything else nothing, since it could be part of what was sent. */
    private static String reason(@Nullable Throwable cause) {
        return cause instanceof JwtValidationException invalid
                ? invalid.getErrors().stream()
                        .map(error -> String.valueOf(error.getDescription()))
                        .distinct()
                        .collect(Collectors.joining(", ", "the token is not valid: ", ""))
                : "the token cannot be read, or its signature is not one that counts here";
    }

    /** Whatever the token. */
    static ErrorResponseException forbidden(String detail) {
        return refusal(HttpStatus.FORBIDDEN, detail, null);
    }

    private static ErrorResponseException refusal(HttpStatus status, String detail, @Nullable String challenge) {
        ErrorResponseException refusal =
                new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, detail), null);
        if (challenge != null) {
            refusal.getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, challenge);
        }
        return refusal;
    }
}
