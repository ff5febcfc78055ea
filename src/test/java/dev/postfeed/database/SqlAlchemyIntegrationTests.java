package dev.postfeed.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Application;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The program that Postfeed replaces, before, beside and after it on one database. */
@Timeout(120)
class SqlAlchemyIntegrationTests {

    private static TestDatabase database;
    private static SqlAlchemyProgram program;
    private static ConfigurableApplicationContext postfeed;
    private static WebTestClient client;

    /** The program was there first, with rows; then Postfeed came. */
    @BeforeAll
    static void adoptItsDatabase() throws Exception {
        database = TestDatabase.empty();
        program = SqlAlchemyProgram.on(database);
        program.run("create_all");
        assertThat(program.run("create_user", "Ada", "ada@example.com")).isEqualTo("1");
        assertThat(program.run("create_post", "Hello", "Grüße 😀", "1")).isEqualTo("1");
        postfeed = new SpringApplicationBuilder(Application.class)
                .run("--postfeed.database.url=" + database.url(), "--server.port=0");
        client = WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + postfeed.getEnvironment().getProperty("local.server.port"))
                .responseTimeout(Duration.ofSeconds(20))
                .build();
    }

    @AfterAll
    static void stopPostfeed() {
        if (postfeed != null) {
            postfeed.close();
        }
    }

    @Test
    void makesTheTablesThatTheMigrationTestsAssume() throws Exception {
        TestDatabase asked = TestDatabase.empty();
        SqlAlchemyProgram.on(asked).run("create_all");
        TestDatabase assumed = TestDatabase.madeBySqlAlchemy();
        for (String table : new String[] {"users", "posts"}) {
            assertThat(assumed.columns(table)).isEqualTo(asked.columns(table));
        }
        String constraints =
                "select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid in ('users'::regclass, 'posts'::regclass) order by 1";
        assertThat(assumed.rows(constraints)).isEqualTo(asked.rows(constraints));
        String defaults =
                "select table_name, column_name, coalesce(column_default, '-') from information_schema.columns where table_schema = 'public' order by 1, 2";
        assertThat(assumed.rows(defaults)).isEqualTo(asked.rows(defaults));
    }

    @Test
    void seesWhatTheProgramWroteBeforeItCame() {
        get("/users/1")
                .jsonPath("$.name")
                .isEqualTo("Ada")
                .jsonPath("$.created_at")
                .isNotEmpty();
        get("/posts/1")
                .jsonPath("$.content")
                .isEqualTo("Grüße 😀")
                .jsonPath("$.user_id")
                .isEqualTo(1);
    }

    @Test
    void seesWhatTheProgramWritesBesideIt() throws Exception {
        String user = program.run("create_user", "Bob", "bob@example.com");
        String post = program.run("create_post", "Later", "", user);
        get("/users/" + user).jsonPath("$.email").isEqualTo("bob@example.com");
        get("/posts/" + post)
                .jsonPath("$.title")
                .isEqualTo("Later")
                .jsonPath("$.user_id")
                .isEqualTo(Integer.valueOf(user))
                .jsonPath("$.created_at")
                .isNotEmpty();
    }

    @Test
    void showsTheProgramWhatCameOverHttp() throws Exception {
        String user = create("/users", "{\"name\":\"Cleo\",\"email\":\"cleo@example.com\"}");
        String post = create("/posts", "{\"title\":\"Over HTTP\",\"content\":null,\"user_id\":" + user + "}");
        assertThat(program.run("get_all_users")).contains("[" + user + ", \"Cleo\", \"cleo@example.com\"]");
        assertThat(program.run("get_all_posts")).contains("[" + post + ", \"Over HTTP\", null, \"Cleo\"]");
    }

    @Test
    void refusesTheProgramADuplicateEmailAsBefore() throws Exception {
        assertThat(program.run("create_user_twice", "Eve", "eve@example.com"))
                .isEqualTo("[\"IntegrityError\", \"23505\", 1]");
        client.post()
                .uri("/users")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"name\":\"Eve\",\"email\":\"eve@example.com\"}")
                .exchange()
                .expectStatus()
                .isEqualTo(409);
    }

    @Test
    void keepsThePostsOfAUserThatTheProgramDeletes() throws Exception {
        String user = program.run("create_user", "Fay", "fay@example.com");
        String post = program.run("create_post", "Fay's", "text", user);
        program.run("delete_user", user);
        get("/posts/" + post)
                .jsonPath("$.title")
                .isEqualTo("Fay's")
                .jsonPath("$.user_id")
                .isEqualTo(null);
        client.get().uri("/users/" + user).exchange().expectStatus().isNotFound();
    }

    @Test
    void keepsThePostsOfAUserThatIsDeletedOverHttp() throws Exception {
        String user = program.run("create_user", "Gus", "gus@example.com");
        String post = program.run("create_post", "Gus's", "text", user);
        client.delete().uri("/users/" + user).exchange().expectStatus().isNoContent();
        assertThat(program.run("get_all_posts")).contains("[" + post + ", \"Gus's\", \"text\", null]");
    }

    @Test
    void letsTheProgramCallCreateAllAtEveryStartOfIt() throws Exception {
        program.run("create_all");
        MigrationIntegrationTests.assertSchema(database);
    }

    private static WebTestClient.BodyContentSpec get(String path) {
        return client.get().uri(path).exchange().expectStatus().isOk().expectBody();
    }

    /** Stores it; its id. */
    private static String create(String path, String body) {
        EntityExchangeResult<Void> created = client.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .header("Prefer", "return=minimal")
                .bodyValue(body)
                .exchange()
                .expectStatus()
                .isCreated()
                .expectBody(Void.class)
                .returnResult();
        String location = String.valueOf(created.getResponseHeaders().getLocation());
        return location.substring(location.lastIndexOf('/') + 1);
    }
}
