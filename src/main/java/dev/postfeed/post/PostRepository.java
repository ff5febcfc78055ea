package dev.postfeed.post;

import dev.postfeed.web.RowRepository;
import org.springframework.data.r2dbc.repository.Query;
import reactor.core.publisher.Mono;

interface PostRepository extends RowRepository<Post, NewPost> {

    @Query("select exists (select from users where id = :userId)")
    Mono<Boolean> existsUser(long userId);
}
