package dev.postfeed.post;

import dev.postfeed.web.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.ReadOnlyProperty;
import org.springframework.data.relational.core.mapping.Table;

/** A row of {@code posts}; {@code userId} is null once its user is deleted. */
@Table("posts")
record Post(
        @Id @Nullable Long id,
        String title,
        @Nullable String content,
        @Nullable Long userId,
        @ReadOnlyProperty @Nullable Instant createdAt)
        implements Row<Post, NewPost> {

    @Override
    public NewPost body() {
        return new NewPost(title, content, userId);
    }

    @Override
    public Post with(NewPost body) {
        return new Post(id, body.title(), body.content(), body.userId(), createdAt);
    }
}
