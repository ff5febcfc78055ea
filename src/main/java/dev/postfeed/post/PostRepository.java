package dev.postfeed.post;

import dev.postfeed.web.RowRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.data.r2dbc.repository.Query;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

interface PostRepository extends RowRepository<Post, NewPost> {

    /**
     * A page of the posts that are selected between these two, cut where the contents before a post exceed {@link #PAGE_BYTES}: the
     * database must not send a gibibyte for a page of large posts. octet_length does not read contents that are stored
     * out of line.
     */
    String PAGE = """
            select id, title, content, user_id, created_at
            from (
                select page.*, coalesce(sum(octet_length(content)) over before_this, 0) as size_before
                from (""";

    String OF_BOUNDED_SIZE = """
            ) page
                window before_this as (order by id rows between unbounded preceding and 1 preceding)) bounded
            where size_before <=\s""" + PAGE_BYTES + " order by id";

    @Override
    default Mono<Post> insert(NewPost post) {
        return insert(post.title(), post.content(), post.userId());
    }

    @Query("insert into posts (title, content, user_id) values (:title, :content, :userId) returning *")
    Mono<Post> insert(String title, @Nullable String content, @Nullable Long userId);

    @Override
    @Query(PAGE + "select * from posts where id > :after order by id limit :limit" + OF_BOUNDED_SIZE)
    Flux<Post> findPage(long after, int limit);

    /**
     * The same of one user's posts. Compared and ordered as pairs, since only the index on (user_id, id) can do that:
     * for a user of half of all posts the planner would walk the primary key past everybody else's.
     */
    @Query(PAGE + "select * from posts where (user_id, id) > (:userId, :after) and user_id <= :userId"
            + " order by user_id, id limit :limit" + OF_BOUNDED_SIZE)
    Flux<Post> findPageOfUser(long userId, long after, int limit);

    @Query("select exists (select from users where id = :userId)")
    Mono<Boolean> existsUser(long userId);
}
