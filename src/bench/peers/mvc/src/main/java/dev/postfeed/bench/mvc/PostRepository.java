package dev.postfeed.bench.mvc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class PostRepository {

    private static final String COLUMNS = "id, title, content, user_id, created_at";

    private final JdbcClient jdbc;

    PostRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<Post> findById(long id) {
        return jdbc.sql("select " + COLUMNS + " from posts where id = ?")
                .param(id)
                .query(PostRepository::post)
                .optional();
    }

    List<Post> findNewest(int limit) {
        return jdbc.sql("select " + COLUMNS + " from posts order by id desc limit ?")
                .param(limit)
                .query(PostRepository::post)
                .list();
    }

    List<Post> findAfter(long id, int limit) {
        return jdbc.sql("select " + COLUMNS + " from posts where id > ? order by id limit ?")
                .param(id)
                .param(limit)
                .query(PostRepository::post)
                .list();
    }

    Post insert(NewPost post) {
        return jdbc.sql("insert into posts (title, content, user_id) values (?, ?, ?) returning " + COLUMNS)
                .param(post.title())
                .param(post.content())
                .param(post.userId())
                .query(PostRepository::post)
                .single();
    }

    /** A cursor needs a transaction. */
    @Transactional(readOnly = true)
    void forEach(int limit, Consumer<Post> consumer) {
        try (Stream<Post> posts = jdbc
                .sql("select " + COLUMNS + " from posts order by id limit ?")
                .withFetchSize(1000)
                .param(limit)
                .query(PostRepository::post)
                .stream()) {
            posts.forEach(consumer);
        }
    }

    private static Post post(ResultSet row, int number) throws SQLException {
        return new Post(
                row.getLong(1),
                row.getString(2),
                row.getString(3),
                row.getObject(4, Long.class),
                row.getObject(5, OffsetDateTime.class).toInstant());
    }
}
