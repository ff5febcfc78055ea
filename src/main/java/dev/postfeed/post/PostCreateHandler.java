package dev.postfeed.post;

import dev.postfeed.web.CreateHandler;
import dev.postfeed.web.IdempotencyStore;
import dev.postfeed.web.JsonBodies;
import dev.postfeed.web.Uploads;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

@Component
class PostCreateHandler extends CreateHandler<Post, NewPost> {

    private final @Nullable PostFeed feed;

    PostCreateHandler(
            PostStatements statements,
            JsonBodies json,
            IdempotencyStore store,
            Uploads uploads,
            ObjectProvider<PostFeed> feed) {
        super("/posts", NewPost.class, statements, json, store, uploads);
        this.feed = feed.getIfAvailable();
    }

    @Override
    protected void committed() {
        if (feed != null) {
            feed.committed();
        }
    }
}
