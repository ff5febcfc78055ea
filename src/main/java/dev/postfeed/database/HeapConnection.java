package dev.postfeed.database;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.Statement;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * A connection whose statements are {@link HeapStatement}s, and which is closed when its era ends. From then on it makes no more of
 * them: the server is not the one any more that whoever asks wants to hear.
 */
final class HeapConnection extends DelegatingConnection {

    private final Connection server;
    private final ConnectionEra era;

    private HeapConnection(DatedConnection opened) {
        super(opened.server());
        this.server = opened.server();
        this.era = opened.era();
        era.opened(server);
    }

    @Override
    public Publisher<Void> close() {
        era.closed(server);
        return super.close();
    }

    @Override
    public Statement createStatement(String sql) {
        if (era.isOver()) {
            throw new R2dbcNonTransientResourceException("another server is the one to be asked", "08006");
        }
        return new HeapStatement(super.createStatement(sql));
    }

    /** Opens them, out of {@link DatedConnection}s. */
    record Factory(ConnectionFactory delegate) implements ConnectionFactory {

        @Override
        public Publisher<? extends Connection> create() {
            return Mono.<Connection>from(delegate.create())
                    .cast(DatedConnection.class)
                    .map(HeapConnection::new);
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return delegate.getMetadata();
        }
    }
}
