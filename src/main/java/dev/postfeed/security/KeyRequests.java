package dev.postfeed.security;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Spares the identity provider: Spring Security asks it for its keys whenever a token names one that it has not had, which
 * anybody can write into a token. Within some seconds all are given the same answer, and there is one request at a time.
 */
final class KeyRequests implements ExchangeFilterFunction {

    private static final Duration GOOD_FOR = Duration.ofSeconds(10);
    private static final Duration BAD_FOR = Duration.ofSeconds(1);

    /** By their addresses: those of an issuer's metadata, which are tried in turn, and that of the keys. */
    private final Map<URI, Mono<byte[]>> answers = new ConcurrentHashMap<>();

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        return answers.computeIfAbsent(request.url(), address -> ask(request, next))
                .map(body -> ClientResponse.create(HttpStatus.OK)
                        .headers(headers -> headers.setContentType(MediaType.APPLICATION_JSON))
                        .body(Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(body)))
                        .build());
    }

    private static Mono<byte[]> ask(ClientRequest request, ExchangeFunction next) {
        return Mono.defer(() -> next.exchange(request))
                .flatMap(response ->
                        response.statusCode().isError() ? response.createError() : response.bodyToMono(byte[].class))
                .cache(body -> GOOD_FOR, failure -> BAD_FOR, () -> BAD_FOR);
    }
}
