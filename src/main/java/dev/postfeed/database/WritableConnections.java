package dev.postfeed.database;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import java.util.List;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** Opens connections to the {@link WritableHost}; each of them could be written on when it was opened. */
record WritableConnections(List<DatabaseHost> hosts, WritableHost writable) implements ConnectionFactory {

    @Override
    public Publisher<? extends Connection> create() {
        return writable.known()
                .flatMap(place -> open(place)
                        .onErrorResume(failure -> search()
                                // What its own server said of it tells more: it may be full, not dead.
                                .onErrorMap(none -> failure)))
                .switchIfEmpty(Mono.defer(this::search));
    }

    private Mono<Connection> search() {
        return writable.find().flatMap(this::open);
    }

    private Mono<Connection> open(int place) {
        return hosts.get(place).open();
    }

    @Override
    public ConnectionFactoryMetadata getMetadata() {
        return hosts.get(0).connections().getMetadata();
    }
}
