package dev.postfeed.feed;

import dev.postfeed.feed.FeedLog.Head;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is still to be said to a client that has come. */
final class FeedOpening {

    private boolean wrong;
    private final FeedStart now;
    private boolean told;

    /**
     * @param wrong whether it came with what is no position
     * @param now where the node was when it came
     */
    FeedOpening(boolean wrong, FeedStart now) {
        this.wrong = wrong;
        this.now = now;
    }

    /** Lets a stream begin anew, and gives the reason, where what its client has is not to be gone on from. */
    @Nullable
    String reset(FeedStream stream, Head head) {
        Timeline timeline = head.timeline();
        if (wrong) {
            wrong = false;
            return begin(stream, head, "this is no position");
        }
        if (stream.timeline() > timeline.id()) {
            return begin(stream, head, "the database has no such timeline");
        }
        if (stream.timeline() < timeline.id()) {
            return resume(stream, timeline);
        }
        if (stream.isOfAnother(head)) {
            return begin(stream, head, "the ids of posts have gone back");
        }
        if (stream.position().highest() > head.drawn()) {
            return begin(stream, head, "the position is ahead of all posts");
        }
        return null;
    }

    private String begin(FeedStream stream, Head head, String reason) {
        FeedPosition position = Objects.requireNonNull(now.position());
        boolean past =
                stream.isOfAnother(head) || now.timeline() != head.timeline().id() || position.highest() > head.drawn();
        stream.restart(past ? head.position() : position, head.timeline().id());
        return reason;
    }

    private static @Nullable String resume(FeedStream stream, Timeline timeline) {
        boolean has = !stream.position().equals(FeedPosition.EARLIEST);
        stream.restart(timeline.resume(stream.position(), stream.timeline()), timeline.id());
        return has
                ? "another server has taken over, which may lack the last posts: what is not certain comes again"
                : null;
    }

    /** Whether the client is to be told when it has caught up: once, and after each reset. */
    boolean isToBeTold(boolean reset) {
        return reset || !told;
    }

    void told() {
        told = true;
    }
}
