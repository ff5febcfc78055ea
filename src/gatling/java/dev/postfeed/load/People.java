package dev.postfeed.load;

import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.feed;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.http.HttpDsl.headerRegex;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.CheckBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.http.HttpRequestActionBuilder;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What people do with more than one row. */
final class People {

    private static final int POSTS = 5;
    private static final int PAGE = 2;

    private static final CheckBuilder NEXT =
            headerRegex("Link", "<([^>]*)>; rel=\"next\"").saveAs("next");
    private static final CheckBuilder NO_NEXT =
            headerRegex("Link", "<([^>]*)>; rel=\"next\"").notExists();

    private People() {}

    /** The session has {@code name} and {@code email} of a user whom nobody has seen before, and as {@code userId} who it is. */
    static ChainBuilder register() {
        Iterator<Map<String, Object>> newcomers =
                Stream.generate(People::newcomer).iterator();
        return feed(newcomers)
                .exec(Resource.USER.create(
                        "{\"name\":\"#{name}\",\"email\":\"#{email}\"}",
                        jsonPath("$.name").isEL("#{name}"),
                        jsonPath("$.email").isEL("#{email}")));
    }

    private static Map<String, Object> newcomer() {
        UUID id = UUID.randomUUID();
        return Map.of("name", "Ada " + id.toString().substring(0, 8), "email", id + "@example.com");
    }

    /** A few posts of the registered user, and then all of them, a page after the other, each once and in order. */
    static ChainBuilder writeAndList() {
        ChainBuilder chain = exec(session -> session);
        for (int number = 1; number <= POSTS; number++) {
            chain = chain.exec(Resource.POST.create(
                    "{\"title\":\"" + title(number) + "\",\"content\":\"of #{name}\",\"user_id\":#{userId}}",
                    jsonPath("$.title").is(title(number)),
                    jsonPath("$.user_id").isEL("#{userId}")));
        }
        for (int first = 1; first <= POSTS; first += PAGE) {
            int last = Math.min(first + PAGE - 1, POSTS);
            HttpRequestActionBuilder page = first == 1
                    ? http("list the posts of a user").get("/users/#{userId}/posts?limit=" + PAGE)
                    : http("follow next").get("#{next}");
            List<String> titles =
                    IntStream.rangeClosed(first, last).mapToObj(People::title).toList();
            chain = chain.exec(page.check(
                    status().is(200),
                    last < POSTS ? NEXT : NO_NEXT,
                    jsonPath("$[*].title").findAll().is(titles)));
        }
        return chain;
    }

    private static String title(int number) {
        return "Post " + number;
    }

    /** The newest posts and their authors, newest first; the session has the {@code postId} of one of them. */
    static ChainBuilder newest() {
        return exec(http("list the newest posts")
                .get("/posts?order=id.desc&limit=20&select=id,title,author(name)")
                .check(
                        status().is(200),
                        jsonPath("$[*].id").ofLong().findAll().validate("newest first", People::newestFirst),
                        jsonPath("$[*].id").findRandom().saveAs("postId")));
    }

    private static List<Long> newestFirst(List<Long> ids, Session session) {
        for (int i = 1; i < ids.size(); i++) {
            if (ids.get(i) >= ids.get(i - 1)) {
                throw new IllegalStateException(ids.get(i) + " comes after " + ids.get(i - 1));
            }
        }
        return ids;
    }
}
