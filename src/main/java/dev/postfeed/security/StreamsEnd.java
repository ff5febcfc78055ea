package dev.postfeed.security;

import dev.postfeed.web.ClientConnection;
import dev.postfeed.web.Streams;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/**
 * Closes the connection of a stream, in either direction, when the token of its request expires: without the end of the answer,
 * so that the client can tell that it is not whole, and come again with another. A request that has come as a whole is
 * carried out, and answered, however long it waits. On the connection's event loop, but for the beginning.
 */
final class StreamsEnd extends ServerHttpRequestDecorator {

    private final ServerWebExchange exchange;
    private final Channel channel;
    private final Instant expiry;
    private volatile boolean bodyIsComing;
    private volatile boolean answerIsStream;
    private volatile @Nullable Future<?> end;

    StreamsEnd(ServerWebExchange exchange, Instant expiry) {
        super(exchange.getRequest());
        this.exchange = exchange;
        this.channel = ClientConnection.channel(exchange.getResponse());
        this.expiry = expiry;
    }

    /** Whoever reads the body of a request waits for its client. */
    @Override
    public Flux<DataBuffer> getBody() {
        bodyIsComing = true;
        watch();
        return super.getBody().doOnComplete(() -> bodyIsComing = false);
    }

    /** The head of the answer is about to be written. */
    void answers() {
        answerIsStream = Streams.isOne(exchange.getResponse().getHeaders());
        if (answerIsStream) {
            watch();
        }
    }

    private void watch() {
        if (end == null) {
            long left = Math.max(0, Duration.between(Instant.now(), expiry).toMillis());
            end = channel.eventLoop().schedule(this::expire, left, TimeUnit.MILLISECONDS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for it.
    private void expire() {
        if (bodyIsComing || answerIsStream) {
            channel.close();
        }
        end = null; // An answer may yet begin that is a stream.
    }

    /** The request has ended; its connection may have others. */
    void over() {
        Future<?> pending = end;
        if (pending != null) {
            pending.cancel(false);
        }
    }
}
