package dev.postfeed.post;

import dev.postfeed.query.ListQuery;
import dev.postfeed.query.Parameters;
import dev.postfeed.query.Table;
import dev.postfeed.web.JsonBodies;
import dev.postfeed.web.Lists;
import dev.postfeed.web.Problem;
import dev.postfeed.web.ProblemType;
import dev.postfeed.web.ReadSources;
import dev.postfeed.web.ResourceHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

@Component
class PostHandler extends ResourceHandler<Post, NewPost> {

    private final PostRepository posts;
    private final Lists lists;

    private final ReadSources sources;
    private final @Nullable PostFeed feed;

    PostHandler(
            PostRepository posts,
            PostStatements statements,
            Lists lists,
            JsonBodies json,
            TransactionalOperator transaction,
            ReadSources sources,
            ObjectProvider<PostFeed> feed) {
        super("/posts", Table.POSTS, NewPost.class, posts, statements, lists, json, transaction);
        this.posts = posts;
        this.lists = lists;
        this.sources = sources;
        this.feed = feed.getIfAvailable();
        if (this.feed != null) {
            sources.remember(this.feed::position);
        }
    }

    /** From a position that is older than the list, so that nothing can lie between the two. */
    @Override
    protected Lists.@Nullable Monitor monitor(ListQuery query) {
        if (feed == null) {
            return null;
        }
        ReadSources.Bookmark bookmark = sources.bookmark(feed::position);
        return bookmark.position() == null
                ? null
                : new Lists.Monitor("/posts/feed?" + query.feed(bookmark.position()), bookmark.reads());
    }

    Mono<ServerResponse> listOfUser(ServerRequest request) {
        long user = id(request);
        ListQuery query = ListQuery.ofUser(
                "/users/" + user + "/posts",
                user,
                Parameters.decode(request.uri().getRawQuery()));
        // No posts: of a user without any, or of nobody?
        return lists.answer(request, query, monitor(query), requireUser(user));
    }

    private Mono<Void> requireUser(long user) {
        return posts.existsUser(user)
                .filter(exists -> exists)
                .switchIfEmpty(Mono.error(() -> new Problem(ProblemType.NOT_FOUND, "there is no /users/" + user)))
                .then();
    }
}
