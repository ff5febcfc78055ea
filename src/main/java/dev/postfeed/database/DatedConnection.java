package dev.postfeed.database;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A connection of the driver's, and the era in which its opening began. */
final class DatedConnection extends DelegatingConnection {

    private final PostgresqlConnection server;
    private final ConnectionEra era;

    private DatedConnection(PostgresqlConnection server, ConnectionEra era) {
        super(server);
        this.server = server;
        this.era = era;
    }

    PostgresqlConnection server() {
        return server;
    }

    ConnectionEra era() {
        return era;
    }

    /** Opens them at one host. */
    record Factory(ConnectionFactory delegate, ConnectionEras eras) implements ConnectionFactory {

        @Override
        public Publisher<? extends Connection> create() {
            return Mono.defer(() -> {
                ConnectionEra era = eras.current();
                return Mono.<Connection>from(delegate.create())
                        .cast(PostgresqlConnection.class)
                        .map(server -> new DatedConnection(server, era));
            });
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return delegate.getMetadata();
        }
    }
}
