package dev.postfeed.post;

import org.jspecify.annotations.Nullable;

/** The feed, as far as posts know of it: whom to tell, and whom to ask. */
public interface PostFeed {

    /** Posts were written here, and their transaction has ended. Returns at once. */
    void committed();

    /** A position from which the feed continues any list that is read after this; null where none is known yet. */
    @Nullable
    String position();
}
