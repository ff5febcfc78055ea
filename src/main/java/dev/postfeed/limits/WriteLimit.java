package dev.postfeed.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postfeed.web.LimitProperties;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * How many requests of an address change something in a second. After those who are not let in have been sent away: they take nothing
 * from others of their address.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/10/">RateLimit header fields</a>
 */
@Component
class WriteLimit implements WebFilter {

    private static final Set<HttpMethod> CHANGE =
            Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.DELETE);

    /** Addresses that are remembered; beyond that some start anew. */
    private static final int MOST_ADDRESSES = 100_000;

    /** Longer than it takes until nothing is to be remembered. */
    private static final Duration MEMORY = Duration.ofSeconds(2);

    private final int writes;
    private final ClientAddresses addresses;
    private final Cache<Long, Bucket> clients;
    private final Counter refused;

    WriteLimit(LimitProperties limits, ClientAddresses addresses, MeterRegistry metrics) {
        this.writes = limits.writesPerAddress();
        this.addresses = addresses;
        this.clients = Caffeine.newBuilder()
                .maximumSize(MOST_ADDRESSES)
                .expireAfterAccess(MEMORY)
                .executor(Runnable::run)
                .build();
        this.refused = Counter.builder("postfeed.writes.refused")
                .description("Requests that were answered 429")
                .register(metrics);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        boolean changes = CHANGE.contains(exchange.getRequest().getMethod());
        Long client = writes > 0 && changes ? addresses.client(exchange) : null;
        return client == null ? chain.filter(exchange) : limited(client, exchange, chain);
    }

    private Mono<Void> limited(long client, ServerWebExchange exchange, WebFilterChain chain) {
        Bucket bucket = clients.get(client, first -> bucket());
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() -> Mono.fromRunnable(() -> {
            response.getHeaders().set("RateLimit-Policy", "\"writes\";q=" + writes + ";w=1");
            response.getHeaders().set("RateLimit", "\"writes\";r=" + probe.getRemainingTokens() + ";t=1");
        }));
        if (probe.isConsumed()) {
            return chain.filter(exchange);
        }
        refused.increment();
        return Mono.error(() -> tooMany(probe));
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(writes).refillGreedy(writes, Duration.ofSeconds(1)))
                .build();
    }

    private ErrorResponseException tooMany(ConsumptionProbe probe) {
        String detail = "an address may make " + writes
                + " requests a second that change something (POSTFEED_LIMITS_WRITES_PER_ADDRESS)";
        HttpStatus status = HttpStatus.TOO_MANY_REQUESTS;
        ErrorResponseException refusal =
                new ErrorResponseException(status, ProblemDetail.forStatusAndDetail(status, detail), null);
        long seconds = Duration.ofNanos(probe.getNanosToWaitForRefill())
                .plusMillis(999)
                .toSeconds();
        refusal.getHeaders().set(HttpHeaders.RETRY_AFTER, String.valueOf(Math.max(1, seconds)));
        return refusal;
    }
}
