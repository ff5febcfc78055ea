package dev.postfeed.web;

import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.Sql;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Lists as lines: every row, in the forms that there are. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=stream") // rows of its own, which are many
class StreamIntegrationTests {

    private static final String NDJSON = "Accept: application/x-ndjson";
    private static final String CSV = "Accept: text/csv";

    Api api;
    Sql sql;
    long user;
    String posts;

    @BeforeEach
    void connect(@Autowired WebTestClient client, @Value("${postfeed.database.url}") String url) {
        api = new Api(client);
        sql = new Sql(url);
        user = api.post("/users", newUser()).expect(201).id();
        posts = "/posts?user_id=eq." + user;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 1000, 1100, 1101, 5000})
    void everyRowIsOnALineOfItsOwn(int rows) {
        insertPosts(rows, 10);
        Answer answer = api.get(posts, NDJSON).expect(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(ids(answer)).isEqualTo(expectedIds());
    }

    @Test
    void aLineIsTheRowItself() {
        for (String content : List.of("a\nb\r\nc", "\u2028 \uD83D\uDE00 \u0001 \"\\/", "", "  ")) {
            api.post("/posts", Api.json("title", "t", "content", content, "user_id", user))
                    .expect(201);
        }
        long withoutUser =
                api.post("/posts", Api.json("title", "t")).expect(201).id();
        String either = "/posts?or=(user_id.eq." + user + ",id.eq." + withoutUser + ")";
        List<JsonNode> lines = lines(api.get(either, NDJSON).expect(200));
        assertThat(lines).hasSize(5);
        for (JsonNode line : lines) {
            Answer one = api.get("/posts/" + line.path("id").asLong()).expect(200);
            assertThat(line).isEqualTo(one.json());
            assertThat(line.propertyNames())
                    .containsExactlyElementsOf(one.json().propertyNames());
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1000", "5,1000", "300,100", "100,100", "2000,1000"})
    void aLimitEndsIt(int limit, int size) {
        insertPosts(2001, size);
        assertThat(ids(api.get(posts + "&limit=" + limit, NDJSON).expect(200)))
                .isEqualTo(expectedIds().subList(0, limit));
    }

    @Test
    void aLimitMayBeLargerThanAPages() {
        insertPosts(3, 10);
        assertThat(ids(api.get(posts + "&limit=9223372036854775807", NDJSON).expect(200)))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 50_000, 200_000})
    void rowsOfAnySizeArriveOnceEach(int size) {
        int rows = Math.max(20, 2_000_000 / size / 10);
        insertPosts(rows, size);
        Answer answer = api.get(posts, NDJSON).expect(200);
        assertThat(ids(answer)).isEqualTo(expectedIds());
        assertThat(lines(answer))
                .allSatisfy(line -> assertThat(line.path("content").asString()).hasSize(size));
    }

    @Test
    void orderAndFiltersAreTheLists() {
        insertPosts(500, 10);
        Answer answer = api.get(posts + "&order=title.desc,id&title=in.(1,3,5)&select=id,title,author(id)", NDJSON)
                .expect(200);
        assertThat(lines(answer)).hasSize(215).allSatisfy(line -> {
            assertThat(line.propertyNames()).containsExactly("id", "title", "author");
            assertThat(line.at("/author/id").asLong()).isEqualTo(user);
        });
        assertThat(lines(answer).stream()
                        .map(line -> line.path("title").asInt())
                        .distinct())
                .containsExactly(5, 3, 1);
    }

    @Test
    void aPagesCursorStartsIt() {
        insertPosts(10, 10);
        Answer page = api.get(posts + "&limit=4").expect(200);
        String next = Objects.requireNonNull(page.link("next")).replaceFirst("limit=4&", "");
        assertThat(ids(api.get(next, NDJSON).expect(200)))
                .isEqualTo(expectedIds().subList(4, 10));
    }

    @Test
    void csvHasAHeaderAndQuotesText() {
        api.post("/posts", Api.json("title", "a,\"b\"", "content", "1\r\n2", "user_id", user))
                .expect(201);
        api.post("/posts", Api.json("title", "", "user_id", user)).expectProblem(422, "invalid-value");
        api.post("/posts", Api.json("title", "c", "content", "", "user_id", user))
                .expect(201);
        api.post("/posts", Api.json("title", "d", "content", null, "user_id", user))
                .expect(201);
        Answer csv = api.get(posts + "&select=title,content,user_id", CSV).expect(200);
        assertThat(csv.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(csv.body())
                .isEqualTo(
                        "title,content,user_id\r\n\"a,\"\"b\"\"\",\"1\r\n2\",%1$d\r\n\"c\",\"\",%1$d\r\n\"d\",,%1$d\r\n"
                                .formatted(user));
    }

    @Test
    void csvHasTheTimesOfJson() {
        Answer one = api.post("/posts", Api.json("title", "t", "user_id", user)).expect(201);
        assertThat(api.get(posts + "&select=id,created_at", CSV).expect(200).body())
                .isEqualTo("id,created_at\r\n" + one.id() + "," + one.text("/created_at") + "\r\n");
        assertThat(one.text("/created_at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    }

    @Test
    void nothingIsAnEmptyStream() {
        assertThat(api.get(posts, NDJSON).expect(200).body()).isEmpty();
        assertThat(api.get(posts, CSV).expect(200).body()).isEqualTo("id,title,content,user_id,created_at\r\n");
        assertThat(api.get("/users/" + user + "/posts", NDJSON).expect(200).body())
                .isEmpty();
    }

    @Test
    void aUserWhoIsNotThereHasNoStream() {
        for (String accept : List.of(NDJSON, CSV)) {
            Answer refused = api.get("/users/9223372036854775807/posts", accept).expectProblem(404, "not-found");
            assertThat(refused.link("monitor")).as("what goes on with it").isNull();
            api.head("/users/9223372036854775807/posts", accept).expect(404);
        }
    }

    @Test
    void whatIsWrongIsSaidBeforeTheStream() {
        for (String parameter : List.of("limit=0", "order=x", "cursor=x", "select=x", "id=x.1", "unknown=1")) {
            api.get("/posts?" + parameter, NDJSON)
                    .expectProblem(400, "invalid-parameter")
                    .parameter(parameter.substring(0, parameter.indexOf('=')));
        }
    }

    /** Followed, it would be refused. */
    @Test
    void aNextPageWhoseAddressIsTooLongIsRefusedAtOnce() {
        insertPosts(2, 10);
        String filter = "&title=neq." + "\"".repeat(5430);
        api.get(posts + "&limit=1" + filter).expectProblem(414, "uri-too-long");
        api.get(posts + "&limit=2" + filter).expect(200);
    }

    @Test
    void headReadsNothing() {
        insertPosts(200, 1000);
        for (String accept : List.of(NDJSON, CSV)) {
            Answer answer = api.head(posts, accept).expect(200);
            assertThat(answer.body()).isEmpty();
            assertThat(answer.header("Content-Type")).startsWith(accept.substring("Accept: ".length()));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*|application/json",
                "application/json|application/json",
                "application/*|application/json",
                "application/x-ndjson|application/x-ndjson",
                "application/jsonl|application/jsonl",
                "text/csv|text/csv;charset=UTF-8",
                "text/*|text/csv;charset=UTF-8",
                "application/x-ndjson, */*|application/x-ndjson",
                "application/json;q=0.5, text/csv|text/csv;charset=UTF-8",
                "application/x-ndjson;q=0.9, application/json|application/json",
                "application/json;q=0, application/*|application/x-ndjson",
                "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8|application/json",
                "image/png, application/jsonl;q=0.1|application/jsonl"
            })
    void theClientChoosesTheForm(String accept, String form) {
        Answer answer = api.get(posts, "Accept: " + accept).expect(200);
        assertThat(answer.header("Content-Type")).isEqualTo(form);
        assertThat(answer.header("Vary")).isEqualTo("Accept");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "image/*", "application/json;q=0", "application/xml, text/csv;q=0"})
    void aFormThatThereIsNotIsRefused(String accept) {
        api.get(posts, "Accept: " + accept).expectProblem(406, "not-acceptable");
    }

    private void insertPosts(int count, int size) {
        sql.run(
                "insert into posts (title, content, user_id) select i % 7, repeat('x', ?), ? from generate_series(1, ?) i",
                size, user, count);
    }

    private List<Long> expectedIds() {
        return Arrays.stream(sql.text("select string_agg(id::text, ',' order by id) from posts where user_id = ?", user)
                        .split(","))
                .map(Long::valueOf)
                .toList();
    }

    private static List<Long> ids(Answer answer) {
        return lines(answer).stream().map(line -> line.path("id").asLong()).toList();
    }

    private static List<JsonNode> lines(Answer answer) {
        JsonMapper json = new JsonMapper();
        assertThat(answer.body()).endsWith("\n");
        return answer.body().lines().map(json::readTree).toList();
    }
}
