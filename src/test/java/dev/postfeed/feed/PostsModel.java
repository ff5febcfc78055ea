package dev.postfeed.feed;

import dev.postfeed.feed.Frontier.Look;
import dev.postfeed.query.IdRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a reader can see of PostgreSQL: a sequence, whose lock a transaction takes before it draws an id and keeps until
 * its rows can be seen and it has ended; and the ids of the rows that can be seen.
 */
final class PostsModel {

    /** A transaction. Its steps are those of a server, one at a time, so that anything may come between them. */
    final class Transaction {

        private String name = "3/" + ++clock;
        private final List<Long> ids = new ArrayList<>();
        private boolean ended;

        /** Locks the sequence: {@code nextval} does so before it draws. */
        void lock() {
            holders.add(name);
        }

        long draw() {
            lock();
            ids.add(++drawn);
            drawnAt.put(drawn, ++clock);
            return drawn;
        }

        /** Rows that were inserted since a savepoint go; the lock stays. */
        void rollBackTo(int rows) {
            while (ids.size() > rows) {
                ids.remove(ids.size() - 1);
            }
        }

        /** Of rows that are deleted, or were never inserted, an id is left that never comes. */
        void drop(int row) {
            ids.remove(row);
        }

        void prepare() {
            if (holders.remove(name)) {
                name = "-1/" + ++clock;
                holders.add(name);
            }
        }

        /** Its rows can be seen, and it still has its locks. */
        void show() {
            ended = true;
            visible.addAll(ids);
            ids.forEach(id -> shownAt.put(id, ++clock));
        }

        /** It has let go of its locks, and the client is told. */
        void release() {
            ended = true;
            holders.remove(name);
            open.remove(this);
            ids.forEach(id -> releasedAt.put(id, ++clock));
        }

        void commit() {
            show();
            release();
        }

        void rollBack() {
            ids.clear();
            release();
        }

        int rows() {
            return ids.size();
        }

        boolean hasEnded() {
            return ended;
        }

        boolean isPrepared() {
            return name.startsWith("-1/");
        }

        long last() {
            return ids.stream().mapToLong(id -> id).max().orElse(0);
        }
    }

    private long clock;
    private long drawn;
    private final Set<String> holders = new HashSet<>();
    private final TreeSet<Long> visible = new TreeSet<>();
    private final List<Transaction> open = new ArrayList<>();
    private final Map<Long, Long> drawnAt = new HashMap<>();
    private final Map<Long, Long> shownAt = new HashMap<>();
    private final Map<Long, Long> releasedAt = new HashMap<>();

    Transaction begin() {
        Transaction transaction = new Transaction();
        open.add(transaction);
        return transaction;
    }

    /** A post in a transaction of its own. */
    long insert() {
        Transaction transaction = begin();
        long id = transaction.draw();
        transaction.commit();
        return id;
    }

    List<Transaction> open() {
        return open;
    }

    /** The last id that was drawn. */
    long drawn() {
        return drawn;
    }

    Look look() {
        return new Look(drawn, Set.copyOf(holders));
    }

    /** The server dies and comes back: of what was drawn and neither committed nor prepared it has no memory. */
    void crash() {
        drawn = highest(drawn);
        for (Transaction transaction : List.copyOf(open)) {
            if (transaction.hasEnded()) {
                transaction.release();
            } else if (transaction.isPrepared()) {
                drawn = Math.max(drawn, transaction.last());
            } else {
                transaction.rollBack();
            }
        }
    }

    /** The highest id of a row up to one, 0 where there is none. */
    long highest(long upTo) {
        Long id = visible.floor(upTo);
        return id == null ? 0 : id;
    }

    /** Ids of rows in some ranges, in order, at most so many. */
    List<Long> rows(List<IdRange> ranges, int most) {
        return ranges.stream()
                .flatMap(range -> visible.subSet(range.first(), true, range.last(), true).stream())
                .limit(most)
                .toList();
    }

    /** The ids without a row after one and up to another. */
    List<IdRange> gaps(long after, long upTo) {
        IdRanges gaps = IdRanges.of(after + 1, upTo);
        for (long id : visible) {
            gaps = gaps.minus(id, id);
        }
        List<IdRange> found = new ArrayList<>();
        gaps.forEach(found::add);
        return found;
    }

    Set<Long> visible() {
        return new TreeSet<>(visible);
    }

    /** What was acknowledged before the id of another was drawn has to come before that. Gives the first two that do not. */
    String disorder(List<Long> ids) {
        long last = 0;
        for (long id : ids) {
            if (!releasedAt.containsKey(id)) {
                continue; // To be seen, and not yet acknowledged.
            }
            if (last > 0 && at(drawnAt, last) > at(releasedAt, id)) {
                return id + " was acknowledged before " + last + " was drawn, and came after it in " + ids;
            }
            last = last == 0 || at(drawnAt, id) > at(drawnAt, last) ? id : last;
        }
        return "";
    }

    private static long at(Map<Long, Long> times, long id) {
        return Objects.requireNonNull(times.get(id));
    }

    /** One step of whoever writes. */
    void step(Random random, int mostOpen) {
        if (open.isEmpty() || (open.size() < mostOpen && random.nextInt(4) == 0)) {
            begin();
            return;
        }
        Transaction transaction = open.get(random.nextInt(open.size()));
        if (transaction.hasEnded()) {
            transaction.release();
            return;
        }
        switch (random.nextInt(16)) {
            case 0 -> transaction.lock();
            case 1 -> transaction.rollBackTo(random.nextInt(transaction.rows() + 1));
            case 2 -> transaction.prepare();
            case 3 -> transaction.rollBack();
            case 4, 5, 6 -> transaction.show();
            case 7, 8 -> transaction.commit();
            case 9 -> {
                if (transaction.rows() > 0) {
                    transaction.drop(random.nextInt(transaction.rows()));
                }
            }
            default -> transaction.draw();
        }
    }

    /** All that are open end, one way or another. */
    void endAll(Random random) {
        for (Transaction transaction : List.copyOf(open)) {
            if (transaction.hasEnded()) {
                transaction.release();
            } else if (random.nextBoolean()) {
                transaction.commit();
            } else {
                transaction.rollBack();
            }
        }
    }
}
