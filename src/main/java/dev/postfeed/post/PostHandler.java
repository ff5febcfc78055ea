package dev.postfeed.post;

import dev.postfeed.web.JsonBodies;
import dev.postfeed.web.Problem;
import dev.postfeed.web.ProblemType;
import dev.postfeed.web.ResourceHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Component
class PostHandler extends ResourceHandler<Post, NewPost> {

    private final PostRepository posts;

    PostHandler(PostRepository posts, JsonBodies json, TransactionalOperator transaction) {
        super("/posts", NewPost.class, posts, json, transaction);
        this.posts = posts;
    }

    Mono<ServerResponse> listOfUser(ServerRequest request) {
        long user = id(request);
        return page(
                request,
                "/users/" + user + "/posts",
                page -> posts.findPageOfUser(user, page.after(), page.limit() + 1)
                        // No posts: of a user without any, or of nobody?
                        .switchIfEmpty(requireUser(user)));
    }

    private Flux<Post> requireUser(long user) {
        return posts.existsUser(user)
                .filter(exists -> exists)
                .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "there is no /users/" + user)))
                .thenMany(Flux.empty());
    }
}
