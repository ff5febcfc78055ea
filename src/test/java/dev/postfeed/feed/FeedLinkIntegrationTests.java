package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.firstTitle;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.TestPostgres;
import java.io.IOException;
import java.net.URLDecoder;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.json.JsonMapper;

/** A list names the feed that goes on with it. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=feed") // For rows of their own.
class FeedLinkIntegrationTests extends FeedFixture {

    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final String POSITION = "last_event_id=[\\d._-]+";
    private static final Pattern MONITOR = Pattern.compile("</posts/feed(?<query>\\?[^>]+)>; rel=\"monitor\"");

    /** The query of the feed. */
    private static String monitor(Answer list) {
        List<String> found = list.headers().getOrEmpty(HttpHeaders.LINK).stream()
                .map(MONITOR::matcher)
                .filter(Matcher::matches)
                .map(link -> link.group("query"))
                .toList();
        assertThat(found).as("%s", list).hasSize(1);
        return found.get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/x-ndjson", "text/csv"})
    void everyFormOfAListHasOne(String form) {
        assertThat(monitor(api.get("/posts", "Accept: " + form).expect(200))).matches("\\?" + POSITION);
        assertThat(monitor(api.head("/posts", "Accept: " + form).expect(200))).matches("\\?" + POSITION);
    }

    @Test
    void noOtherAnswerHasOne() {
        long user = api.post("/users", Api.newUser()).id();
        long post = api.post("/posts", json("title", "a")).id();
        for (String path : List.of("/users", "/users/" + user, "/posts/" + post, "/users?select=*,posts(*)")) {
            assertThat(api.get(path).expect(200).headers().getOrEmpty(HttpHeaders.LINK))
                    .noneMatch(link -> link.contains("monitor"));
        }
    }

    @Test
    void itHasTheConditionsOfTheListAndNothingElse() throws IOException {
        sql.run("insert into posts (title) select 'ä \"x\" b ' || i from generate_series(1, 5) i");
        Answer list = api.get("/posts?title=ilike.*Ä \"x\" b*&or=(content.is.null,user_id.gt.5)"
                        + "&order=created_at.desc,id&select=id,title&limit=2")
                .expect(200);
        assertThat(list.headers().getOrEmpty(HttpHeaders.LINK)).anyMatch(link -> link.contains("rel=\"next\""));
        String query = monitor(list);
        assertThat(query).doesNotContain("order", "select", "limit", "cursor").isASCII();

        FeedClient client = subscribers.open(query);
        FeedClient more = subscribers.open(monitor(nextOf(list)));
        api.post("/posts", json("title", "a \"x\" b")).expect(201);
        api.post("/posts", json("title", "Ä \"x\" B", "content", "x")).expect(201);
        api.post("/posts", json("title", "xÄ \"x\" Bx")).expect(201);
        for (FeedClient each : List.of(client, more)) {
            String title = firstTitle(each);
            while (title.startsWith("ä \"x\" b ")) {
                title = firstTitle(each); // One that is in the list, too.
            }
            assertThat(title).isEqualTo("xÄ \"x\" Bx");
        }
    }

    private Answer nextOf(Answer list) {
        String next = list.headers().getOrEmpty(HttpHeaders.LINK).stream()
                .filter(link -> link.contains("rel=\"next\""))
                .findFirst()
                .orElseThrow();
        // WebTestClient would encode what is encoded already.
        return api.get(URLDecoder.decode(next.substring(1, next.indexOf('>')), UTF_8))
                .expect(200);
    }

    @Test
    void thePostsOfAUserHaveTheFeedOfThem() throws IOException {
        long user = api.post("/users", Api.newUser()).id();
        String query = monitor(api.get("/users/" + user + "/posts").expect(200));
        assertThat(query).matches("\\?user_id=eq\\." + user + "&" + POSITION);
        FeedClient client = subscribers.open(query);
        api.post("/posts", json("title", "of nobody")).expect(201);
        api.post("/posts", json("title", "of the user", "user_id", user)).expect(201);
        assertThat(firstTitle(client)).isEqualTo("of the user");
    }

    @Test
    void nothingIsLostBetweenAListAndItsFeed() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Set<Long> committed = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            writers.add(CompletableFuture.runAsync(() -> write(done, committed)));
            int seed = i;
            writers.add(CompletableFuture.runAsync(() -> writeSlowly(done, committed, new Random(seed))));
        }
        int seams = 0;
        try {
            for (int round = 0; round < 50; round++) {
                seams += listAndFollow(committed);
            }
        } finally {
            done.set(true);
        }
        for (CompletableFuture<Void> writer : writers) {
            writer.join();
        }
        assertThat(seams).as("posts that only the feed could have").isPositive();
    }

    /** Reads a list and its feed until together they have all that is committed; how many the feed had to bring. */
    private int listAndFollow(Set<Long> committed) throws IOException {
        Answer list = api.get("/posts?select=id", "Accept: application/x-ndjson");
        Set<Long> missing = new HashSet<>();
        try (FeedClient client = subscribers.open(monitor(list))) {
            missing.addAll(committed);
            list.lines().forEach(row -> missing.remove(row.path("id").asLong()));
            int brought = missing.size();
            Set<Long> got = new HashSet<>();
            long end = System.nanoTime() + LONGEST.toNanos(); // Others are written all the time.
            while (!missing.isEmpty()) {
                StreamEvent event = client.next(LONGEST);
                assertThat(event).as("with %s missing", missing).isNotNull();
                assertThat(System.nanoTime()).as("with %s missing", missing).isLessThan(end);
                if (event.event().equals("post")) {
                    long id = new JsonMapper().readTree(event.data()).path("id").asLong();
                    assertThat(got.add(id)).as("%s for the first time", event).isTrue();
                    missing.remove(id);
                }
            }
            return brought;
        }
    }

    private void write(AtomicBoolean done, Set<Long> committed) {
        while (!done.get()) {
            committed.add(api.post("/posts", json("title", "a")).expect(201).id());
        }
    }

    /** Draws an id, and lets others pass before it commits. */
    private void writeSlowly(AtomicBoolean done, Set<Long> committed, Random random) {
        try (Connection connection = TestPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            while (!done.get()) {
                Set<Long> ids = new HashSet<>();
                for (int i = 0; i < 3; i++) {
                    try (ResultSet id = statement.executeQuery("insert into posts (title) values ('b') returning id")) {
                        id.next();
                        ids.add(id.getLong(1));
                    }
                    Thread.sleep(random.nextInt(40));
                }
                connection.commit();
                committed.addAll(ids);
            }
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
