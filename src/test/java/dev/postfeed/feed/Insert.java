package dev.postfeed.feed;

import java.util.Locale;

/**
 * Posts that a writer of the checker inserts by one statement or request, and what became of them. Every post has a title
 * of its own, {@code <topic> u<user> <writer>-<n>#<row>}, from which a reader can tell what it must look like. Times are
 * {@link System#nanoTime}. Written by one thread; read by others once it is in the {@link WriteHistory}.
 */
final class Insert {

    enum Outcome {
        /** Committed, and the writer was told so. */
        ACKNOWLEDGED,
        /** Rolled back for certain. */
        FAILED,
        /** The connection broke: it may be there, or not. */
        UNKNOWN
    }

    private final String how;
    private final String topic;
    private final long user;
    private final String prefix;
    private final long[] ids;

    private long sent;
    private long commitSent;
    private long acknowledged = Long.MAX_VALUE;
    private Outcome outcome = Outcome.UNKNOWN;

    /** @param user 0 for none */
    Insert(String how, String topic, long user, String name, int rows) {
        this.how = how;
        this.topic = topic;
        this.user = user;
        this.prefix = topic + " u" + user + " " + name + "#";
        this.ids = new long[rows];
    }

    /** Just before an id can be drawn. */
    Insert sent() {
        sent = System.nanoTime();
        commitSent = sent;
        return this;
    }

    /** Just before the commit, where that is a statement of its own. */
    void commitSent() {
        commitSent = System.nanoTime();
    }

    void end(Outcome result) {
        outcome = result;
        acknowledged = result == Outcome.ACKNOWLEDGED ? System.nanoTime() : Long.MAX_VALUE;
    }

    void id(int row, long id) {
        ids[row] = id;
    }

    /** 0 where it is not known. */
    long id(int row) {
        return ids[row];
    }

    int rows() {
        return ids.length;
    }

    String prefix() {
        return prefix;
    }

    String title(int row) {
        return prefix + row;
    }

    String topic() {
        return topic;
    }

    long user() {
        return user;
    }

    boolean isAbout(String word) {
        return topic.toLowerCase(Locale.ROOT).contains(word);
    }

    long sentAt() {
        return sent;
    }

    long commitSentAt() {
        return commitSent;
    }

    /** {@link Long#MAX_VALUE} when it never was. */
    long acknowledgedAt() {
        return acknowledged;
    }

    Outcome outcome() {
        return outcome;
    }

    String how() {
        return how;
    }
}
