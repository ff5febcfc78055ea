package dev.postfeed.post;

import dev.postfeed.web.CreateHandler;
import dev.postfeed.web.IdempotencyStore;
import dev.postfeed.web.JsonBodies;
import org.springframework.stereotype.Component;

@Component
class PostCreateHandler extends CreateHandler<Post, NewPost> {

    PostCreateHandler(PostRepository posts, PostWriter writer, JsonBodies json, IdempotencyStore store) {
        super("/posts", NewPost.class, posts, writer, json, store);
    }
}
