package dev.postfeed.feed;

import dev.postfeed.feed.Frontier.Look;
import dev.postfeed.query.IdRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node: makes passes as {@link FeedReader} does, in two steps, between which others write. */
final class NodeModel {

    /** @param text the position as clients get it */
    record Event(long id, FeedPosition position, String text) {}

    /** After how many events, and the position there, for those who follow. */
    record Head(int next, FeedPosition position) {}

    private final PostsModel posts;
    private final Frontier frontier = new Frontier();
    private final PositionWriter positions = new PositionWriter(1);
    private final List<Event> log = new ArrayList<>();
    private final List<ClientModel> waiting = new ArrayList<>();

    private List<ClientModel> served = List.of();
    private @Nullable Look look;
    private int asked;

    NodeModel(PostsModel posts) {
        this.posts = posts;
    }

    /** A client waits for a pass that begins after it came. */
    void await(ClientModel client) {
        waiting.add(client);
    }

    void leave(ClientModel client) {
        waiting.remove(client);
        served = served.stream().filter(other -> other != client).toList();
    }

    boolean isInPass() {
        return look != null;
    }

    void look() {
        served = new ArrayList<>(served);
        served.addAll(waiting);
        waiting.clear();
        look = posts.look();
    }

    /**
     * Reads the rows, at most so many. Gives whether that was all.
     *
     * @param ids of ranges, before the last one
     * @param overdue whether those who wait are served whatever is left to be read
     */
    boolean rows(int rows, int ids, boolean overdue) {
        Look taken = Objects.requireNonNull(look);
        look = null;
        List<IdRange> ranges = frontier.begin(taken, ids);
        asked += ranges.size();
        long upTo =
                ranges.isEmpty() ? taken.drawn() : ranges.get(ranges.size() - 1).last();
        List<Long> found = posts.rows(ranges, rows);
        positions.refresh();
        for (long id : found) {
            FeedPosition position = frontier.seen(id);
            log.add(new Event(id, position, positions.write(position)));
        }
        boolean complete = frontier.end(found.size() == rows ? found.get(rows - 1) : upTo);
        if (complete || overdue) {
            serve();
        }
        return complete;
    }

    /** Its connection broke, if it was in a pass in the middle of that; those who wait go on to do so. */
    void reconnect() {
        look = null;
        frontier.reconnected();
    }

    /** A pass while nobody is there. */
    void skip() {
        Look taken = Objects.requireNonNull(look);
        look = null;
        frontier.skip(
                taken,
                posts.highest(taken.drawn()),
                taken.holders().isEmpty() ? List.of() : posts.gaps(frontier.highest(), taken.drawn()));
        log.clear();
        serve();
    }

    private void serve() {
        served.forEach(client -> client.arrive(head()));
        served = List.of();
    }

    /** A pass from beginning to end, with nobody writing meanwhile. */
    boolean pass() {
        look();
        return rows(Integer.MAX_VALUE, Integer.MAX_VALUE, false);
    }

    Head head() {
        return new Head(log.size(), frontier.position());
    }

    List<Event> log() {
        return log;
    }

    List<Long> ids() {
        return log.stream().map(Event::id).toList();
    }

    Frontier frontier() {
        return frontier;
    }

    /** How many ranges statements have asked for so far. */
    int asked() {
        return asked;
    }
}
