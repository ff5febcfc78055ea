package dev.postfeed.web;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Deletes keys that have expired, and what was stored under them, a bounded number in a statement. Every node does; what
 * one has locked the others skip.
 */
@Component
class ExpiredKeys implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ExpiredKeys.class);

    private static final Duration PAUSE = Duration.ofMinutes(1);

    /** Rows of a statement: each of lines may have a thousand answers. */
    private static final int MOST = 100;

    private static final String DELETE_LINES = """
            delete from idempotency_lines where (key, first_line) in (
                select l.key, l.first_line from idempotency_lines l join idempotency_keys k on k.key = l.key
                where k.created_at < now() - make_interval(secs => $1)
                limit $2 for update of l skip locked)""";

    /** Those without lines: none are left to cascade to. */
    private static final String DELETE_KEYS = """
            delete from idempotency_keys where key in (
                select k.key from idempotency_keys k
                where k.created_at < now() - make_interval(secs => $1)
                    and not exists (select from idempotency_lines l where l.key = k.key)
                limit $2 for update of k skip locked)""";

    private final DatabaseClient database;
    private final double expirySeconds;
    private volatile Disposable cleaning = Disposables.disposed();
    private volatile boolean failing;

    ExpiredKeys(DatabaseClient database, IdempotencyProperties properties) {
        this.database = database;
        this.expirySeconds = properties.expiry().toMillis() / 1000.0;
    }

    @Override
    public void start() {
        cleaning = Flux.interval(PAUSE)
                .onBackpressureDrop()
                .concatMap(tick -> clean(), 1)
                .subscribe();
    }

    /** Deletes all that has expired; never fails. */
    Mono<Void> clean() {
        return all(DELETE_LINES)
                .then(all(DELETE_KEYS))
                .doOnSuccess(done -> failing = false)
                .onErrorResume(failure -> {
                    // Once for a database that is away, not every minute.
                    if (!failing) {
                        log.warn("expired idempotency keys are not deleted: {}", failure.toString());
                    }
                    failing = true;
                    return Mono.empty();
                });
    }

    private Mono<Void> all(String delete) {
        return Mono.defer(() -> database.sql(delete)
                        .bind(0, expirySeconds)
                        .bind(1, MOST)
                        .fetch()
                        .rowsUpdated())
                .repeat()
                .takeUntil(deleted -> deleted < MOST)
                .then();
    }

    @Override
    public void stop() {
        cleaning.dispose();
    }

    @Override
    public boolean isRunning() {
        return !cleaning.isDisposed();
    }
}
