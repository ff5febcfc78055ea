package dev.postfeed.feed;

import dev.postfeed.feed.FeedLog.Head;
import dev.postfeed.query.IdRange;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/** What a stream has to be given before it can follow the log. */
final class FeedCatchUp {

    /** Ranges and ids that a statement looks at: few may match, and it must end in time. */
    private static final int MOST_RANGES = 1000;

    private static final long FIRST_IDS = 16_384;
    private static final long MOST_IDS = 1 << 20;

    /** A statement that took no longer than this may look at twice as many. */
    private static final Duration SHORT = Duration.ofMillis(200);

    private final FeedTable table;
    private final Mono<ContextView> reads;
    private final FeedStream stream;
    private final Replay replay;
    private long ids = FIRST_IDS;
    private final PositionWriter positions;

    private FeedCatchUp(FeedTable table, FeedStream stream, Head head) {
        this.table = table;
        this.reads = table.upToDate().cache();
        this.stream = stream;
        this.replay = new Replay(stream.position(), head.position());
        this.positions = new PositionWriter(head.timeline().id());
    }

    /**
     * Posts up to the end of the log, from the table.
     *
     * @param taken completes when the client is ready for more
     */
    static Flux<byte[]> of(FeedTable table, FeedStream stream, Head head, Mono<Void> taken) {
        return Flux.defer(() -> {
            FeedCatchUp catchUp = new FeedCatchUp(table, stream, head);
            return taken.then(Mono.defer(catchUp::chunk))
                    .repeat(() -> !catchUp.replay.isDone())
                    .concatWith(Mono.fromRunnable(() -> stream.joins(head, catchUp.replay.position())));
        });
    }

    private Mono<byte[]> chunk() {
        List<IdRange> ranges = replay.next(MOST_RANGES, ids);
        if (ranges.isEmpty()) {
            return Mono.empty();
        }
        return reads.flatMap(context -> table.read(stream.query(), ranges).contextWrite(context))
                .elapsed()
                .map(read -> {
                    long limit = read.getT1() <= SHORT.toMillis() ? ids * 2 : ids / 2;
                    ids = Math.max(FIRST_IDS, Math.min(MOST_IDS, limit));
                    return write(ranges, read.getT2());
                });
    }

    private byte[] write(List<IdRange> ranges, List<FeedTable.Row> rows) {
        positions.refresh();
        ByteArrayOutputStream events = new ByteArrayOutputStream();
        long size = 0;
        for (FeedTable.Row row : rows) {
            byte[] event = EventWriter.post(positions.write(replay.upTo(row.id())), row.json());
            size += event.length;
            if (!stream.had(row.id())) {
                events.writeBytes(event);
            }
        }
        if (rows.size() < FeedTable.CHUNK_ROWS && size <= FeedTable.CHUNK_BYTES) {
            FeedPosition position = replay.upTo(ranges.get(ranges.size() - 1).last());
            if (rows.isEmpty() && !replay.isDone()) {
                // However far the next match is, who comes back does not begin here again.
                events.writeBytes(EventWriter.position(positions.write(position)));
            }
        }
        stream.moved(replay.position(), rows.size(), events.size());
        return events.toByteArray();
    }
}
