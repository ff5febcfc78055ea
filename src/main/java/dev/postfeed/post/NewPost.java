package dev.postfeed.post;

import dev.postfeed.web.StorableText;
import dev.postfeed.web.VisibleText;
import org.hibernate.validator.constraints.CodePointLength;
import org.jspecify.annotations.Nullable;

/**
 * What a client writes of a post.
 *
 * @param title not blank, at most 500 characters
 * @param content any text, or null; bounded by the size of a body
 * @param userId the author, a user that is there, or null
 */
record NewPost(
        @VisibleText @CodePointLength(max = 500, message = "must have at most 500 characters") @StorableText
        String title,

        @StorableText @Nullable String content,
        @Nullable Long userId) {}
