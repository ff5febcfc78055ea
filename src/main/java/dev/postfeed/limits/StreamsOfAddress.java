package dev.postfeed.limits;

import dev.postfeed.web.LimitProperties;
import dev.postfeed.web.Problem;
import dev.postfeed.web.ProblemType;
import dev.postfeed.web.Streams;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** How many streams an address has open, of all kinds and in both directions, so that no client has all that there may be. */
@Component
class StreamsOfAddress implements WebFilter {

    private static final String FEED = "/posts/feed";

    private final int most;
    private final ClientAddresses addresses;
    private final ConcurrentMap<Long, Integer> open = new ConcurrentHashMap<>();
    private final Counter refused;

    StreamsOfAddress(LimitProperties limits, ClientAddresses addresses, MeterRegistry metrics) {
        this.most = limits.streamsPerAddress();
        this.addresses = addresses;
        this.refused = Counter.builder("postfeed.streams.refused")
                .description("Streams that an address had too many of")
                .register(metrics);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Long client = most > 0 && isStream(exchange.getRequest()) ? addresses.client(exchange) : null;
        return client == null ? chain.filter(exchange) : counted(client, chain.filter(exchange));
    }

    /** Before it is answered: what is refused later has begun. */
    private static boolean isStream(ServerHttpRequest request) {
        return Streams.isOne(request.getHeaders())
                || Streams.isAskedFor(request.getHeaders())
                || request.getPath().value().equals(FEED); // Whatever it is asked for.
    }

    private Mono<Void> counted(long client, Mono<Void> exchange) {
        return Mono.defer(() -> {
            if (open.merge(client, 1, Integer::sum) <= most) {
                return exchange.doFinally(end -> leave(client));
            }
            leave(client);
            refused.increment();
            return Mono.error(new Problem(
                    ProblemType.OVERLOADED,
                    "an address may have " + most + " streams at once (POSTFEED_LIMITS_STREAMS_PER_ADDRESS)"));
        });
    }

    private void leave(long client) {
        open.computeIfPresent(client, (address, streams) -> streams == 1 ? null : streams - 1);
    }
}
