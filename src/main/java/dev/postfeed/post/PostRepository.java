package dev.postfeed.post;

import dev.postfeed.web.RowRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.repository.Query;
import reactor.core.publisher.Mono;

interface PostRepository extends RowRepository<Post, NewPost> {

    @Override
    default Mono<Post> insert(NewPost post) {
        return insert(post.title(), post.content(), post.userId());
    }

    @Query("insert into posts (title, content, user_id) values (:title, :content, :userId) returning *")
    Mono<Post> insert(String title, @Nullable String content, @Nullable Long userId);

    @Query("select exists (select from users where id = :userId)")
    Mono<Boolean> existsUser(long userId);
}
