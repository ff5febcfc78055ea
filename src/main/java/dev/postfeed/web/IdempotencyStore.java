package dev.postfeed.web;

import io.r2dbc.spi.Readable;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * What was answered under which key. An answer is stored in the transaction of the write that it tells of: there is no
 * moment at which one is there and the other is not. Of requests with one key at once, on whatever node, one writes; the
 * others wait for it at the unique index, and give its answer.
 */
@Component
public class IdempotencyStore {

    private static final String CLAIM =
            "insert into idempotency_keys (key, fingerprint) values ($1, $2) on conflict (key) do nothing";

    private static final String FIND = "select fingerprint, status, location, etag, applied, body,"
            + " created_at < now() - make_interval(secs => $2) as expired from idempotency_keys where key = $1";

    private static final String FORGET =
            "delete from idempotency_keys where key = $1 and created_at < now() - make_interval(secs => $2)";

    private static final String SAVE = "update idempotency_keys"
            + " set status = $2, location = $3, etag = $4, applied = $5, body = $6 where key = $1";

    private static final String FIND_LINES =
            "select last_line, lines, answers from idempotency_lines where key = $1 and first_line = $2";

    /** A key that expired while its request went on is made anew. */
    private static final String ADD_LINES = """
            with kept as (insert into idempotency_keys (key, fingerprint) values ($1, $2) on conflict (key) do nothing)
            insert into idempotency_lines (key, first_line, last_line, lines, answers) values ($1, $3, $4, $5, $6)
            on conflict (key, first_line) do nothing""";

    private final DatabaseClient database;
    private final TransactionalOperator transaction;
    private final double expirySeconds;

    IdempotencyStore(DatabaseClient database, TransactionalOperator transaction, IdempotencyProperties properties) {
        this.database = database;
        this.transaction = transaction;
        this.expirySeconds = properties.expiry().toMillis() / 1000.0;
    }

    /**
     * The answer that this request got before, or else what the write answers now. A write that fails leaves nothing: the
     * next request runs anew.
     *
     * @param write once; it may lose a race
     */
    Mono<StoredAnswer> once(IdempotencyKey key, Mono<StoredAnswer> write) {
        return claim(key)
                .switchIfEmpty(write.flatMap(answer -> save(key, answer).thenReturn(answer)))
                .as(transaction::transactional)
                .retryWhen(Races.RETRY);
    }

    /** Keeps the key for a request of lines. */
    Mono<Void> open(IdempotencyKey key) {
        return claim(key).then();
    }

    /** The answers to the lines from this one on; empty where there are none yet. */
    Mono<StoredLines> lines(IdempotencyKey key, long firstLine) {
        return database.sql(FIND_LINES)
                .bind(0, key.key())
                .bind(1, firstLine)
                .map(row -> new StoredLines(
                        Objects.requireNonNull(row.get("last_line", Long.class)),
                        bytes(row, "lines"),
                        bytes(row, "answers")))
                .one();
    }

    /**
     * In one transaction: writes lines and stores the answers to those that are settled. Empty where somebody else has
     * stored answers from the same line on; nothing is written then.
     *
     * @param firstLine the line after the last that is stored
     * @param entries what is written
     * @param write once; it may lose a race
     */
    <B> Mono<Answered<B>> settle(IdempotencyKey key, long firstLine, List<Entry<B>> entries, Mono<Answered<B>> write) {
        return write.flatMap(answered -> answered.settled() == 0
                        ? Mono.just(answered)
                        : add(key, firstLine, entries.subList(0, answered.settled()), answered)
                                .filter(added -> added > 0)
                                .switchIfEmpty(Mono.error(LinesTakenException::new))
                                .thenReturn(answered))
                .as(transaction::transactional)
                .retryWhen(Races.RETRY)
                .onErrorResume(LinesTakenException.class, e -> Mono.empty());
    }

    private Mono<Long> add(IdempotencyKey key, long firstLine, List<? extends Entry<?>> settled, Answered<?> answered) {
        return database.sql(ADD_LINES)
                .bind(0, key.key())
                .bind(1, key.fingerprint())
                .bind(2, firstLine)
                .bind(3, settled.get(settled.size() - 1).line())
                .bind(4, StoredLines.index(settled))
                .bind(5, answered.answers().first(settled.size()))
                .fetch()
                .rowsUpdated();
    }

    /** The answer of before; empty where the key is new, and taken by now. */
    private Mono<StoredAnswer> claim(IdempotencyKey key) {
        return database.sql(CLAIM)
                .bind(0, key.key())
                .bind(1, key.fingerprint())
                .fetch()
                .rowsUpdated()
                .flatMap(claimed -> claimed > 0 ? Mono.empty() : found(key));
    }

    private Mono<StoredAnswer> found(IdempotencyKey key) {
        return database.sql(FIND)
                .bind(0, key.key())
                .bind(1, expirySeconds)
                .map(IdempotencyStore::known)
                .one()
                .defaultIfEmpty(Known.EXPIRED) // Gone since: somebody else deleted it.
                .flatMap(known -> {
                    if (known.expired()) {
                        return forget(key).then(claim(key));
                    }
                    if (!MessageDigest.isEqual(known.fingerprint(), key.fingerprint())) {
                        return Mono.error(IdempotencyKey.reused("request"));
                    }
                    return Mono.justOrEmpty(known.answer());
                });
    }

    private Mono<Long> forget(IdempotencyKey key) {
        return database.sql(FORGET)
                .bind(0, key.key())
                .bind(1, expirySeconds)
                .fetch()
                .rowsUpdated();
    }

    private Mono<Long> save(IdempotencyKey key, StoredAnswer answer) {
        GenericExecuteSpec save = database.sql(SAVE)
                .bind(0, key.key())
                .bind(1, answer.status())
                .bind(4, answer.applied())
                .bind(5, answer.body());
        save = answer.location() == null ? save.bindNull(2, String.class) : save.bind(2, answer.location());
        save = answer.etag() == null ? save.bindNull(3, String.class) : save.bind(3, answer.etag());
        return save.fetch().rowsUpdated();
    }

    private static Known known(Readable row) {
        Integer status = row.get("status", Integer.class);
        StoredAnswer answer = status == null
                ? null
                : new StoredAnswer(
                        status,
                        row.get("location", String.class),
                        row.get("etag", String.class),
                        Objects.requireNonNull(row.get("applied", String.class)),
                        bytes(row, "body"));
        boolean expired = Boolean.TRUE.equals(row.get("expired", Boolean.class));
        return new Known(expired, bytes(row, "fingerprint"), answer);
    }

    private static byte[] bytes(Readable row, String column) {
        return Objects.requireNonNull(row.get(column, byte[].class));
    }

    /** @param answer null for a request of lines */
    private record Known(
            boolean expired, byte[] fingerprint, @Nullable StoredAnswer answer) {

        static final Known EXPIRED = new Known(true, new byte[0], null);
    }

    private static final class LinesTakenException extends RuntimeException {

        LinesTakenException() {
            super("another request with the same key was faster", null, false, false);
        }
    }
}
