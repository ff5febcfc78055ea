package dev.postfeed.web;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.Application;
import dev.postfeed.NoBlockingCalls;
import dev.postfeed.OwnPostgres;
import dev.postfeed.Sql;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import dev.postfeed.faults.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** The tables are on a disk that is full for a while. */
@Timeout(120)
@ExtendWith(NoBlockingCalls.class)
class FullDiskIntegrationTests {

    private static final String LARGE = json("title", "large", "content", incompressible());

    @TempDir
    Path directory;

    @Test
    @Covers(Fault.DISK_FULL)
    void whatNeedsRoomIsRefusedAndTheRestGoesOn() throws Exception {
        Path tables = Files.createDirectory(directory.resolve("tables"));
        try (SmallDisk disk = new SmallDisk(tables, 24);
                OwnPostgres postgres = new OwnPostgres(directory.resolve("data"))) {
            Sql server = new Sql(postgres.url());
            server.run("create tablespace small location '" + Files.createDirectory(tables.resolve("space")) + "'");
            server.run("create database small tablespace small");
            String url = postgres.url().replaceFirst("/postgres$", "/small");
            try (ConfigurableApplicationContext service = SpringApplication.run(
                    Application.class,
                    "--server.port=0",
                    "--postfeed.feed.heartbeat=1s",
                    "--postfeed.database.url=" + url)) {
                int port = Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port"));
                serve(disk, new Sql(url), port);
            }
        }
    }

    private static void serve(SmallDisk disk, Sql sql, int port) throws Exception {
        Api api = new Api(WebTestClient.bindToServer()
                .baseUrl("http://127.0.0.1:" + port)
                .responseTimeout(Duration.ofSeconds(20))
                .build());
        Answer user = api.post("/users", newUser()).expect(201);
        try (StreamClient feed = new StreamClient(port, "/posts/feed", "text/event-stream")) {
            assertThat(feed.readHead()).startsWith("HTTP/1.1 200 ");
            feed.readUntil("caught-up");
            api.post("/posts", json("title", "before")).expect(201);
            feed.readUntil("\"title\":\"before\"");

            disk.fill();
            long stored = sql.number("select count(*) from posts");
            for (int i = 0; i < 3; i++) {
                for (Answer answer : List.of(
                        api.post("/posts", LARGE),
                        api.post("/posts", LARGE, "Idempotency-Key: \"large\""),
                        api.post("/posts", "[" + LARGE + "]"),
                        api.postLines("/posts", LARGE),
                        api.patch("/posts/1", json("content", incompressible())))) {
                    answer.expectProblem(503, "storage-full");
                    assertThat(answer.header("Retry-After")).isNotBlank();
                }
            }
            assertThat(sql.number("select count(*) from posts")).isEqualTo(stored);
            assertThat(api.get(user.header("Location")).expect(200).body()).isEqualTo(user.body());
            assertThat(api.get("/posts").expect(200).body()).contains("before");
            assertThat(api.get("/posts", "Accept: text/csv").expect(200).body()).contains("before");
            api.get("/actuator/health/readiness").expect(200);
            feed.readUntil(":"); // A heartbeat.

            disk.makeRoom();
            api.post("/posts", LARGE, "Idempotency-Key: \"large\"").expect(201);
            api.post("/posts", json("title", "after")).expect(201);
            feed.readUntil("\"title\":\"after\"");
        }
    }

    private static String incompressible() {
        return new Random(1)
                .ints(300_000, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
