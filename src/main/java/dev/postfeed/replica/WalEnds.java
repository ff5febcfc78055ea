package dev.postfeed.replica;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Where the write-ahead log of the primary ends.
 *
 * @param acknowledged whatever this service was told to be committed is before it
 * @param visible whatever a statement before could see is before it, also of who does not wait for the disk
 *     ({@code synchronous_commit=off}); what an open transaction writes may keep a replica from it until the next commit
 */
record WalEnds(WalPosition acknowledged, WalPosition visible) {

    /**
     * What is acknowledged is on the disk, unless the sessions here do not wait for that. A read-only server, which a failover
     * has left behind, refuses.
     */
    private static final String SQL = """
            select %s, (case current_setting('synchronous_commit') when 'off' then wal.inserted else pg_current_wal_flush_lsn() end
                    - $1::text::pg_lsn)::bigint as acknowledged,
                (wal.inserted - $1::text::pg_lsn)::bigint as visible,
                ('x' || left(pg_walfile_name(wal.inserted), 8))::bit(32)::bigint as timeline
            from (select pg_current_wal_insert_lsn() as inserted offset 0) wal""".formatted(WalPosition.DATABASE);

    /** Asks the primary. */
    static Mono<WalEnds> ask(Connection primary) {
        return Flux.<Result>from(
                        primary.createStatement(SQL).bind(0, Replayed.START).execute())
                .concatMap(result -> result.map(WalEnds::of))
                .single();
    }

    private static WalEnds of(Readable row) {
        return new WalEnds(WalPosition.of(row, "acknowledged"), WalPosition.of(row, "visible"));
    }
}
