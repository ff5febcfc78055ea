package dev.postfeed.load;

import java.util.ArrayList;
import java.util.List;

/** The posts that were acknowledged: what every subscriber must have who was there before they were sent. */
final class Acknowledged {

    private record Post(long id, long sent) {}

    private final List<Post> posts = new ArrayList<>();

    /** @param sent when, in milliseconds since 1970 */
    synchronized void add(long id, long sent) {
        posts.add(new Post(id, sent));
    }

    /** The ids of those that were sent later than in this millisecond. */
    synchronized List<Long> sentAfter(long millis) {
        return posts.stream().filter(post -> post.sent > millis).map(Post::id).toList();
    }
}
