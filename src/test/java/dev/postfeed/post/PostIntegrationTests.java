package dev.postfeed.post;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.AtOnce;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.web.reactive.server.WebTestClient;

@PostfeedTest
class PostIntegrationTests {

    /** Greater than any id that a test will ever draw. */
    private static final long NOBODY = Long.MAX_VALUE;

    Api api;
    Sql sql;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
    }

    @Test
    void answersANewPostAsItIsStored() {
        long user = api.post("/users", newUser()).expect(201).id();
        Answer created = api.post("/posts", json("title", "Hello", "content", "World\n", "user_id", user))
                .expect(201);
        long id = created.id();
        assertThat(created.header("Location")).isEqualTo("/posts/" + id);
        assertThat(created.header("Content-Type")).isEqualTo("application/json");
        assertThat(created.body())
                .isEqualTo(post(id, "Hello", "World\n", user, created))
                .matches(".*\"created_at\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3}(\\d{3})?)?Z\"}");
        String stored = sql.text(
                "select to_char(created_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from posts where id = ?",
                id);
        assertThat(Instant.parse(created.text("/created_at"))).isEqualTo(Instant.parse(stored));
        assertThat(sql.number(
                        "select count(*) from posts where id = ? and title = 'Hello' and content = ? and user_id = ?",
                        id,
                        "World\n",
                        user))
                .isEqualTo(1);
        Answer read = api.get("/posts/" + id).expect(200);
        assertThat(read.body()).isEqualTo(created.body());
        assertThat(read.etag()).isEqualTo(created.etag());
    }

    @Test
    void aPostNeedsATitleOnly() {
        Answer created = api.post("/posts", json("title", "Hello")).expect(201);
        assertThat(created.body()).isEqualTo(post(created.id(), "Hello", null, null, created));
        Answer spelled = api.post("/posts", json("title", "Hello", "content", null, "user_id", null))
                .expect(201);
        assertThat(spelled.body()).isEqualTo(post(spelled.id(), "Hello", null, null, spelled));
        Answer empty = api.post("/posts", json("title", "Hello", "content", "")).expect(201);
        assertThat(empty.body()).isEqualTo(post(empty.id(), "Hello", "", null, empty));
    }

    @Test
    void headHasTheHeadersOfGetAndNoBody() {
        Answer created = api.post("/posts", json("title", "Hällo \uD83D\uDE00")).expect(201);
        Answer get = api.get(created.header("Location")).expect(200);
        Answer head = api.head(created.header("Location")).expect(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo("" + get.body().getBytes(StandardCharsets.UTF_8).length);
        assertThat(head.headers().toSingleValueMap()).isEqualTo(get.headers().toSingleValueMap());
    }

    @Test
    void putReplacesTheWholePost() {
        long user = api.post("/users", newUser()).expect(201).id();
        Answer created = api.post("/posts", json("title", "a", "content", "b", "user_id", user))
                .expect(201);
        Answer replaced =
                api.put(created.header("Location"), json("title", "c")).expect(200);
        assertThat(replaced.body()).isEqualTo(post(created.id(), "c", null, null, created));
        assertThat(replaced.etag()).isNotEqualTo(created.etag());
        Answer minimal = api.put(created.header("Location"), json("title", "d"), "Prefer: return=minimal")
                .expect(200);
        assertThat(minimal.body()).isEmpty();
        assertThat(minimal.header("Preference-Applied")).isEqualTo("return=minimal");
        Answer read = api.get(created.header("Location")).expect(200);
        assertThat(read.body()).isEqualTo(post(created.id(), "d", null, null, created));
        assertThat(read.etag()).isEqualTo(minimal.etag());
    }

    @Test
    void patchKeepsWhatIsAbsentAndClearsWhatIsNull() {
        long user = api.post("/users", newUser()).expect(201).id();
        Answer created = api.post("/posts", json("title", "a", "content", "b", "user_id", user))
                .expect(201);
        String path = created.header("Location");
        long id = created.id();
        assertThat(api.patch(path, json("title", "c")).expect(200).body()).isEqualTo(post(id, "c", "b", user, created));
        assertThat(api.patch(path, json("content", null)).expect(200).body())
                .isEqualTo(post(id, "c", null, user, created));
        assertThat(api.patch(path, json("user_id", null)).expect(200).body())
                .isEqualTo(post(id, "c", null, null, created));
        assertThat(api.patch(path, json("user_id", user, "content", "d"))
                        .expect(200)
                        .body())
                .isEqualTo(post(id, "c", "d", user, created));
        api.patch(path, json("title", null)).expectProblem(422, "invalid-value").at("/title");
        api.patch(path, json("created_at", null))
                .expectProblem(400, "malformed-body")
                .at("/created_at");
        assertThat(api.get(path).body()).isEqualTo(post(id, "c", "d", user, created));
    }

    @Test
    void patchJudgesOnlyWhatItChanges() {
        // Another program may have written what we would refuse.
        long id = sql.number("insert into posts (title) values (?) returning id", "t".repeat(600));
        assertThat(api.patch("/posts/" + id, json("content", "new")).expect(200).body())
                .contains("\"content\":\"new\"");
        api.patch("/posts/" + id, json("title", "t".repeat(501))).expectProblem(422, "invalid-value");
    }

    @Test
    void drawsTheNextIdWhereOneWasTakenByHand() {
        long last = api.post("/posts", json("title", "before")).expect(201).id();
        sql.run("insert into posts (id, title) values (?, 'by hand'), (?, 'by hand')", last + 1, last + 2);
        assertThat(api.post("/posts", json("title", "after")).expect(201).id()).isGreaterThan(last + 2);
    }

    @Test
    void refusesACompressedBody() {
        api.post("/posts", json("title", "a"), "Content-Encoding: gzip").expectProblem(415, "unsupported-media-type");
    }

    @Test
    void countsCharactersNotTheirCodeUnits() {
        api.post("/posts", json("title", "\uD83D\uDE00".repeat(500))).expect(201);
        api.post("/posts", json("title", "\uD83D\uDE00".repeat(501))).expectProblem(422, "invalid-value");
    }

    @Test
    void aDeletedPostIsGone() {
        String path = api.post("/posts", json("title", "a")).expect(201).header("Location");
        assertThat(api.delete(path).expect(204).body()).isEmpty();
        api.get(path).expectProblem(404, "not-found");
        api.put(path, json("title", "b")).expectProblem(404, "not-found");
        api.patch(path, json("title", "b")).expectProblem(404, "not-found");
        api.delete(path).expectProblem(404, "not-found");
    }

    @Test
    void aPostOfNobodyWhoIsThereIsRefused() {
        Answer created = api.post("/posts", json("title", "a")).expect(201);
        String path = created.header("Location");
        long rows = sql.rows();
        String ofNobody = json("title", "b", "user_id", NOBODY);
        api.post("/posts", ofNobody).expectProblem(422, "invalid-value").at("/user_id");
        api.put(path, ofNobody).expectProblem(422, "invalid-value").at("/user_id");
        api.patch(path, json("user_id", NOBODY))
                .expectProblem(422, "invalid-value")
                .at("/user_id");
        assertThat(sql.rows()).isEqualTo(rows);
        assertThat(api.get(path).body()).isEqualTo(created.body());
    }

    @Test
    void aDeletedUsersPostsStay() {
        long user = api.post("/users", newUser()).expect(201).id();
        Answer mine = api.post("/posts", json("title", "mine", "user_id", user)).expect(201);
        long another = api.post("/users", newUser()).expect(201).id();
        Answer other =
                api.post("/posts", json("title", "other", "user_id", another)).expect(201);
        api.delete("/users/" + user).expect(204);
        Answer kept = api.get(mine.header("Location")).expect(200);
        assertThat(kept.body()).isEqualTo(post(mine.id(), "mine", null, null, mine));
        assertThat(kept.etag()).isNotEqualTo(mine.etag());
        assertThat(api.get(other.header("Location")).body()).isEqualTo(other.body());
    }

    @RepeatedTest(10)
    @Covers(Fault.USER_DELETED)
    void aUserDeletedWhilePostsAreWrittenLeavesNoOrphan() throws Exception {
        long user = api.post("/users", newUser()).expect(201).id();
        Answer moved = api.post("/posts", json("title", "moved")).expect(201);
        String mine = json("title", "mine", "user_id", user);
        List<Answer> answers = AtOnce.call(16, client -> switch (client) {
            case 0 -> api.delete("/users/" + user);
            case 1 -> api.patch(moved.header("Location"), json("user_id", user));
            case 2 -> api.put(moved.header("Location"), mine);
            default -> api.post("/posts", mine);
        });
        answers.get(0).expect(204);
        for (Answer answer : answers.subList(1, answers.size())) {
            if (answer.status() == 422) {
                answer.expectProblem(422, "invalid-value").at("/user_id");
            } else {
                assertThat(answer.status()).as("%s", answer).isIn(200, 201);
                assertThat(answer.text("/user_id")).isEqualTo("" + user);
                assertThat(api.get("/posts/" + answer.id())
                                .expect(200)
                                .json()
                                .path("user_id")
                                .isNull())
                        .isTrue();
            }
        }
        assertThat(sql.number("select count(*) from posts where user_id = ?", user))
                .isZero();
        api.post("/posts", mine).expectProblem(422, "invalid-value").at("/user_id");
    }

    @Test
    void takesABodyOfExactlyOneMebibyte() {
        String empty = json("title", "long", "content", "");
        String content = "x".repeat(1024 * 1024 - empty.length());
        Answer created =
                api.post("/posts", json("title", "long", "content", content)).expect(201);
        assertThat(created.text("/content")).isEqualTo(content);
        assertThat(api.get(created.header("Location")).text("/content")).isEqualTo(content);
        api.post("/posts", json("title", "long", "content", content + "x")).expectProblem(413, "too-large");
        api.delete(created.header("Location")).expect(204);
    }

    /** A post as it is answered: the fields in this order, none left out. */
    private static String post(long id, String title, @Nullable String content, @Nullable Long user, Answer created) {
        return json(
                "id",
                id,
                "title",
                title,
                "content",
                content,
                "user_id",
                user,
                "created_at",
                created.text("/created_at"));
    }
}
