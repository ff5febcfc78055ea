package dev.postfeed.replica;

import dev.postfeed.query.InvalidParameterException;
import dev.postfeed.web.Streams;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * The header by which a client sees what it has written: the answer to a change says how far the write-ahead log had come
 * after it, and a read that hands that back sees at least as much.
 */
final class PositionFilter implements WebFilter {

    static final String HEADER = "Postfeed-Position";

    /** Of an answer to a change that has been made: it goes without rather than late. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final Set<HttpMethod> CHANGE =
            Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    /** Refusals that tell of what is there, and after which a client reads it. */
    private static final Set<HttpStatusCode> TELLING = Set.of(HttpStatus.CONFLICT, HttpStatus.PRECONDITION_FAILED);

    private final SharedAnswer<WalEnds> primary;

    PositionFilter(SharedAnswer<WalEnds> primary) {
        this.primary = primary;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        if (!isOfRows(request.getPath().pathWithinApplication().value())) {
            return chain.filter(exchange);
        }
        if (CHANGE.contains(request.getMethod())) {
            ServerHttpResponse response = exchange.getResponse();
            response.beforeCommit(() -> isTold(response.getStatusCode()) ? tell(response) : Mono.empty());
        }
        HttpHeaders headers = request.getHeaders();
        if (!HttpMethod.GET.equals(request.getMethod())
                || !(headers.containsHeader(HEADER) || headers.containsHeader(HttpHeaders.IF_MATCH))) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> chain.filter(exchange).contextWrite(wanted(headers)));
    }

    private static boolean isOfRows(String path) {
        return (path.startsWith("/users") || path.startsWith("/posts")) && !path.equals("/posts/feed");
    }

    private static ContextView wanted(HttpHeaders headers) {
        List<String> values = headers.getOrEmpty(HEADER);
        ContextView wanted = values.isEmpty() ? Wanted.all() : values.size() > 1 ? null : Wanted.parse(values.get(0));
        if (wanted == null) {
            throw new InvalidParameterException(
                    HEADER, "must be given once, as an answer had it: \"6af1c0-1-16b3748\", or \"now\"");
        }
        // Of what is older it might be said wrongly that it is no longer what the client has.
        return headers.containsHeader(HttpHeaders.IF_MATCH) ? Wanted.all() : wanted;
    }

    private static boolean isTold(@Nullable HttpStatusCode status) {
        return status == null || status.is2xxSuccessful() || TELLING.contains(status);
    }

    /** An answer that has begun while rows are still coming in, and one to a primary that has gone, says what is always true. */
    private Mono<Void> tell(ServerHttpResponse response) {
        HttpHeaders headers = response.getHeaders();
        Mono<String> position = Streams.isOne(headers)
                ? Mono.just(Wanted.NOW)
                : primary.next()
                        .map(ends -> ends.acknowledged().toString())
                        .timeout(LONGEST_WAIT)
                        .onErrorReturn(Wanted.NOW);
        return position.doOnNext(text -> headers.set(HEADER, text)).then();
    }
}
