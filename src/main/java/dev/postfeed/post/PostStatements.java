package dev.postfeed.post;

import dev.postfeed.web.CopyRows;
import dev.postfeed.web.Drawn;
import dev.postfeed.web.IdsFirst;
import dev.postfeed.web.OnConflict;
import dev.postfeed.web.ProblemType;
import dev.postfeed.web.ReadSources;
import dev.postfeed.web.RowStatements;
import dev.postfeed.web.Times;
import dev.postfeed.web.WriteMode;
import dev.postfeed.web.Written;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

/** Statements of many posts. */
@Component
class PostStatements extends RowStatements<Post, NewPost> implements IdsFirst<Post, NewPost> {

    /**
     * The ids are drawn first, in the order of the rows, because RETURNING tells no order. A post of no user is found
     * here and not by the foreign key, which would only say that there is one.
     */
    private static final String WRITE = """
            with given as materialized (
                select g.*, g.user_id is not null and u.id is null as orphaned
                from (select case when $4::text = 'TOGETHER' then set_config('lock_timeout', $5, true) end) patience
                cross join unnest($1::text[], $2::text[], $3::bigint[]) with ordinality as g (title, content, user_id, n)
                left join users u on u.id = g.user_id
            ), drawn as materialized (
                select nextval((select pg_get_serial_sequence('posts', 'id')::regclass)) as id, good.*
                from (
                    select n, title, content, user_id from given
                    where not orphaned and n < coalesce((
                        select min(case $4::text when 'ALL' then 0 else n end)
                        from given where orphaned and $4::text not in ('LENIENT', 'TOGETHER')), 9223372036854775807)
                    order by n) good
            ), stored as (
                insert into posts (id, title, content, user_id)
                select id, title, content, user_id from drawn
                returning id, created_at
            )
            select given.n, given.orphaned, stored.id, stored.created_at
            from given left join drawn on drawn.n = given.n left join stored on stored.id = drawn.id
            order by given.n""";

    /**
     * Whether COPY does what INSERT does, and faster: it ignores rules, is refused by row level security, views and columns of
     * other types, stores ids where they are generated always, and takes rows one by one where a trigger comes before each.
     */
    private static final String COPYABLE = """
            (select c.relkind = 'r' and not c.relhasrules and not c.relrowsecurity
                and not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgtype & 7 = 7 and t.tgenabled <> 'D')
                and 4 = (select count(*) from pg_attribute a
                    where a.attrelid = c.oid and a.attgenerated = '' and a.attidentity <> 'a'
                        and (a.attname, a.atttypid) in (('id', 'bigint'::regtype), ('title', 'text'::regtype),
                            ('content', 'text'::regtype), ('user_id', 'bigint'::regtype)))
            from pg_class c where c.oid = 'posts'::regclass)""";

    private static final String DRAW = """
            with given as materialized (
                select g.n, g.user_id is not null and u.id is null as orphaned
                from (select set_config('lock_timeout', $3, true)) patience
                cross join unnest($1::bigint[]) with ordinality as g (user_id, n)
                left join users u on u.id = g.user_id
            ), drawn as materialized (
                select n, nextval((select pg_get_serial_sequence('posts', 'id')::regclass)) as id
                from (
                    select n from given
                    where not orphaned and ($2::text = 'LENIENT' or n < coalesce(
                        (select min(n) from given where orphaned), 9223372036854775807))
                    order by n) good
            )
            select array_agg(drawn.id order by given.n) as ids, array_agg(given.n) filter (where given.orphaned) as orphans,
                %s as copyable
            from given left join drawn on drawn.n = given.n""".formatted(COPYABLE);

    private static final String COPY = "copy posts (id, title, content, user_id) from stdin (format binary)";

    private static final String STORE = """
            insert into posts (id, title, content, user_id)
            select * from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[])""";

    private static final String READ = "select id, title, content, user_id, created_at from posts where id = any ($1)";

    PostStatements(DatabaseClient database, ReadSources sources) {
        super(database, sources);
    }

    @Override
    public @Nullable String conflictColumn() {
        return null;
    }

    @Override
    protected Statement read(Connection connection, Long[] ids) {
        return connection.createStatement(READ).bind(0, ids);
    }

    @Override
    protected Post row(Readable row) {
        return new Post(
                row.get(0, Long.class),
                Objects.requireNonNull(row.get(1, String.class)),
                row.get(2, String.class),
                row.get(3, Long.class),
                Times.get(row, "created_at"));
    }

    @Override
    protected Statement write(Connection connection, List<NewPost> posts, WriteMode mode, OnConflict onConflict) {
        return connection
                .createStatement(WRITE)
                .bind(0, posts.stream().map(NewPost::title).toArray(String[]::new))
                .bind(1, posts.stream().map(NewPost::content).toArray(String[]::new))
                .bind(2, posts.stream().map(NewPost::userId).toArray(Long[]::new))
                .bind(3, mode.name())
                .bind(4, LOCK_TIMEOUT);
    }

    @Override
    public IdsFirst<Post, NewPost> idsFirst() {
        return this;
    }

    @Override
    public Statement draw(Connection connection, List<NewPost> posts, WriteMode mode, String lockTimeout) {
        return connection
                .createStatement(DRAW)
                .bind(0, posts.stream().map(NewPost::userId).toArray(Long[]::new))
                .bind(1, mode.name())
                .bind(2, lockTimeout);
    }

    @Override
    public Drawn<Post> drawn(Readable row, List<NewPost> posts) {
        Long[] ids = Objects.requireNonNull(row.get("ids", Long[].class));
        Long[] orphans = row.get("orphans", Long[].class);
        Set<Long> orphaned = orphans == null ? Set.of() : Set.of(orphans);
        List<Written<Post>> rows = IntStream.range(0, ids.length)
                .mapToObj(i -> written(posts.get(i), orphaned.contains(i + 1L), ids[i], null))
                .toList();
        return new Drawn<>(rows, Boolean.TRUE.equals(row.get("copyable", Boolean.class)));
    }

    @Override
    public Statement copy(Connection connection, List<Post> posts) {
        CopyRows rows = new CopyRows();
        for (Post post : posts) {
            rows.row(4).add(post.id()).add(post.title()).add(post.content()).add(post.userId());
        }
        return connection.createStatement(COPY).bind(0, rows.toBytes());
    }

    @Override
    public Statement store(Connection connection, List<Post> posts) {
        return connection
                .createStatement(STORE)
                .bind(0, posts.stream().map(Post::id).toArray(Long[]::new))
                .bind(1, posts.stream().map(Post::title).toArray(String[]::new))
                .bind(2, posts.stream().map(Post::content).toArray(String[]::new))
                .bind(3, posts.stream().map(Post::userId).toArray(Long[]::new));
    }

    @Override
    protected int weight(NewPost post) {
        return post.title().length()
                + (post.content() == null ? 0 : post.content().length());
    }

    @Override
    protected Written<Post> written(Readable row, List<NewPost> posts) {
        int n = Objects.requireNonNull(row.get("n", Long.class)).intValue();
        Long id = row.get("id", Long.class);
        boolean orphaned = Boolean.TRUE.equals(row.get("orphaned", Boolean.class));
        return written(posts.get(n - 1), orphaned, id, id == null ? null : Times.get(row, "created_at"));
    }

    private static Written<Post> written(
            NewPost post, boolean orphaned, @Nullable Long id, @Nullable Instant createdAt) {
        if (orphaned) {
            return Written.refused(ProblemType.INVALID_VALUE, "/user_id", "is the id of no user");
        }
        return id == null
                ? Written.leftOut()
                : Written.stored(new Post(id, post.title(), post.content(), post.userId(), createdAt), true);
    }
}
