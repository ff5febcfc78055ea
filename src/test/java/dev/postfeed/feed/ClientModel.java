package dev.postfeed.feed;

import dev.postfeed.feed.NodeModel.Event;
import dev.postfeed.feed.NodeModel.Head;
import dev.postfeed.query.IdRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client, and its stream at a node, as {@link FeedCatchUp} and {@link FeedStream} serve it. */
final class ClientModel {

    private final PostsModel posts;

    /** All that the client keeps. */
    private @Nullable String text;

    /** What it has received, once for each time. */
    private final List<Long> received = new ArrayList<>();

    private final List<List<Long>> connections = new ArrayList<>();

    /** What could be seen before it came first: of that it gets what it asks for. */
    private Set<Long> old = Set.of();

    private boolean exact = true;

    // Of the stream.
    private @Nullable NodeModel node;
    private FeedPosition had = FeedPosition.EARLIEST;
    private FeedPosition position = FeedPosition.EARLIEST;
    private @Nullable Replay replay;
    private final PositionWriter positions = new PositionWriter(1);
    private @Nullable Head joins;
    private int next = -1;

    /** @param start a position, or null for now */
    ClientModel(PostsModel posts, @Nullable String start) {
        this.posts = posts;
        this.text = start;
    }

    void connect(NodeModel to) {
        leave();
        node = to;
        connections.add(new ArrayList<>());
        if (text != null) {
            had = Objects.requireNonNull(FeedPosition.parse(text));
            position = had;
        }
        to.await(this);
    }

    void leave() {
        if (node != null) {
            node.leave(this);
        }
        node = null;
        replay = null;
        joins = null;
        next = -1;
    }

    boolean isConnected() {
        return node != null;
    }

    /** Too slow for the log: what it does not have yet it reads from the table. */
    void fallOut() {
        if (next >= 0) {
            next = -1;
            Objects.requireNonNull(node).await(this);
        }
    }

    /** The pass that it waited for has been made. */
    void arrive(Head head) {
        if (text == null) {
            had = head.position();
            position = had;
            text = position.toString();
            old = posts.visible();
        }
        joins = head;
        replay = new Replay(position, head.position());
    }

    /** Takes what there is. Gives whether there was anything. */
    boolean step(Random random) {
        if (joins != null) {
            read(random);
            return true;
        }
        if (next < 0 || next == Objects.requireNonNull(node).log().size()) {
            return false;
        }
        follow(node.log().get(next++));
        return true;
    }

    private void read(Random random) {
        Replay reading = Objects.requireNonNull(replay);
        List<IdRange> ranges = reading.next(1 + random.nextInt(4), 1 + random.nextInt(12));
        if (ranges.isEmpty()) {
            position = reading.position();
            next = Objects.requireNonNull(joins).next();
            if (position.equals(joins.position())) {
                had = FeedPosition.EARLIEST;
            }
            joins = null;
            give(position.toString(), position);
            return;
        }
        int most = 1 + random.nextInt(6);
        List<Long> rows = posts.rows(ranges, most);
        positions.refresh();
        for (long id : rows) {
            FeedPosition reached = reading.upTo(id);
            String written = positions.write(reached);
            if (!had.has(id)) {
                receive(id, written, reached);
            }
        }
        if (rows.size() < most) {
            reading.upTo(ranges.get(ranges.size() - 1).last());
        }
        position = reading.position();
    }

    private void follow(Event event) {
        position = had.with(event.position());
        if (!had.has(event.id())) {
            receive(event.id(), position.equals(event.position()) ? event.text() : position.toString(), position);
        }
        if (position.equals(event.position())) {
            had = FeedPosition.EARLIEST;
        }
    }

    private void receive(long id, String written, FeedPosition meant) {
        received.add(id);
        connections.get(connections.size() - 1).add(id);
        give(written, meant);
    }

    private void give(String written, FeedPosition meant) {
        text = written;
        exact &= meant.open().size() <= FeedPosition.MOST_RANGES;
    }

    /** Whether it was given no position that had been merged. */
    boolean isExact() {
        return exact;
    }

    List<Long> received() {
        return received;
    }

    /** What it had before it came, by having asked for what comes from now on. */
    Set<Long> old() {
        return old;
    }

    List<List<Long>> connections() {
        return connections;
    }

    /** Of what was new to it, the first time of each. */
    List<Long> firsts() {
        List<Long> firsts = new ArrayList<>();
        Set<Long> seen = new HashSet<>(old);
        received.forEach(id -> {
            if (seen.add(id)) {
                firsts.add(id);
            }
        });
        return firsts;
    }
}
