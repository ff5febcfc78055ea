package dev.postfeed.feed;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** What was written, by everybody. */
final class WriteHistory {

    private static final List<String> TOPICS = List.of("Java", "JAVA news", "Rust", "Ärger", "a, b");
    private static final int RECENT = 256;

    private final List<Long> users;
    private final AtomicInteger names = new AtomicInteger();
    private final Queue<Insert> inserts = new ConcurrentLinkedQueue<>();
    private final AtomicLongArray recent = new AtomicLongArray(RECENT);
    private final AtomicLong acknowledged = new AtomicLong();
    private final Set<Long> deletes = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Map<Long, String>> delivered = new ConcurrentHashMap<>();

    WriteHistory(List<Long> users) {
        this.users = users;
    }

    /** A new insert, of a random topic and user, or none. */
    Insert next(Random random, String writer, String how, int rows) {
        int user = random.nextInt(users.size() + 1);
        return new Insert(
                how,
                TOPICS.get(random.nextInt(TOPICS.size())),
                user == users.size() ? 0 : users.get(user),
                writer + "-" + names.incrementAndGet(),
                rows);
    }

    List<Long> users() {
        return users;
    }

    /** Takes an insert whose end is known, or known to be unknown. */
    void add(Insert insert) {
        inserts.add(insert);
        if (insert.outcome() == Insert.Outcome.ACKNOWLEDGED) {
            for (int row = 0; row < insert.rows(); row++) {
                recent.set((int) (acknowledged.getAndIncrement() % RECENT), insert.id(row));
            }
        }
    }

    Collection<Insert> inserts() {
        return inserts;
    }

    /** The id of a post that was acknowledged lately; it may have been deleted since. 0 when there is none. */
    long recentId(Random random) {
        return recent.get(random.nextInt(RECENT));
    }

    /** Says that a post is about to be deleted, so that it may miss from now on. */
    void deleting(long id) {
        deletes.add(id);
    }

    boolean isDeleted(long id) {
        return deletes.contains(id);
    }

    int deletes() {
        return deletes.size();
    }

    /** Notes what a subscriber got; the title that another one got under this id, when that is different, or else null. */
    String delivered(DeliveredPost post) {
        Map<Long, String> titles = delivered.computeIfAbsent(post.timeline(), key -> new ConcurrentHashMap<>());
        String other = titles.putIfAbsent(post.id(), post.title());
        return other == null || other.equals(post.title()) ? null : other;
    }

    /** Titles by id, of all that anybody got while the database was on a timeline. */
    Map<Integer, Map<Long, String>> delivered() {
        return delivered;
    }
}
