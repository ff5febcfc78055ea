package dev.postfeed.database;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Statement;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A connection whose statements are {@link HeapStatement}s. */
final class HeapConnection extends DelegatingConnection {

    private HeapConnection(Connection connection) {
        super(connection);
    }

    @Override
    public Statement createStatement(String sql) {
        return new HeapStatement(super.createStatement(sql));
    }

    /** Opens them. */
    record Factory(ConnectionFactory delegate) implements ConnectionFactory {

        @Override
        public Publisher<? extends Connection> create() {
            return Mono.<Connection>from(delegate.create()).map(HeapConnection::new);
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return delegate.getMetadata();
        }
    }
}
