package dev.postfeed.feed;

import java.util.List;
import java.util.function.Predicate;

/**
 * What a subscriber asks for, and what it must get: the two are written down separately.
 *
 * @param query of the feed's URL, with what begins it; empty for all posts
 */
record FeedFilter(String query, Predicate<Insert> matches) {

    static final FeedFilter ALL = new FeedFilter("", insert -> true);

    static List<FeedFilter> some(List<Long> users) {
        long first = users.get(0);
        long last = users.get(users.size() - 1);
        return List.of(
                new FeedFilter("?user_id=eq." + first, insert -> insert.user() == first),
                new FeedFilter("?title=ilike.*java*", insert -> insert.isAbout("java")),
                new FeedFilter(
                        "?or=(user_id.eq." + last + ",title.ilike.*%C3%A4rger*)",
                        insert -> insert.user() == last || insert.isAbout("ärger")),
                new FeedFilter(
                        "?user_id=not.is.null&title=not.like.Rust*",
                        insert -> insert.user() != 0 && !insert.isAbout("rust")));
    }

    boolean isAll() {
        return query.isEmpty();
    }
}
