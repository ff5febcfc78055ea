package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.Application;
import dev.postfeed.NoBlockingCalls;
import dev.postfeed.OwnPostgres;
import dev.postfeed.Sql;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import dev.postfeed.web.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.reactive.server.WebTestClient;

/** PostgreSQL is killed under requests and streams, and comes back. */
@Timeout(180)
@ExtendWith(NoBlockingCalls.class)
class DatabaseKilledIntegrationTests {

    /** The pool's timeout is 30 s. */
    private static final Duration AT_ONCE = Duration.ofSeconds(3);

    private static final int CLIENTS = 6;

    @TempDir
    Path directory;

    private final AtomicBoolean done = new AtomicBoolean();
    private final List<String> delivered = new CopyOnWriteArrayList<>();

    private record Exchange(long begun, Duration took, Answer answer) {}

    @Test
    @Covers(Fault.DATABASE_KILLED)
    void requestsFailAtOnceAndStreamsStayUntilItIsBack() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (OwnPostgres postgres = new OwnPostgres(directory.resolve("data"));
                ConfigurableApplicationContext service = SpringApplication.run(
                        Application.class,
                        "--server.port=0",
                        "--postfeed.feed.heartbeat=1s",
                        "--postfeed.database.url=" + postgres.url())) {
            String url = "http://127.0.0.1:" + service.getEnvironment().getRequiredProperty("local.server.port");
            Api api = new Api(WebTestClient.bindToServer()
                    .baseUrl(url)
                    .responseTimeout(Duration.ofSeconds(20))
                    .build());
            try (Subscribers subscribers = new Subscribers(url)) {
                FeedClient feed = subscribers.follow("");
                CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> read(feed), threads);
                List<CompletableFuture<List<Exchange>>> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    int client = i;
                    IntFunction<Answer> request = i % 3 == 2
                            ? number -> api.get("/posts?limit=1")
                            : number -> api.post("/posts", json("title", "post " + client + " " + number));
                    clients.add(CompletableFuture.supplyAsync(() -> ask(request), threads));
                }
                Await.until(() -> delivered.size() > 100);

                postgres.kill();
                int heard = feed.comments().size();
                Await.until(() -> feed.comments().size() >= heard + 2);
                postgres.startAgain();
                long back = System.nanoTime();
                int before = delivered.size();
                Await.until(() -> delivered.size() > before + 100);
                done.set(true);

                int refused = 0;
                List<String> acknowledged = new ArrayList<>();
                for (CompletableFuture<List<Exchange>> client : clients) {
                    for (Exchange exchange : client.join()) {
                        Answer answer = exchange.answer;
                        assertThat(exchange.took).as("%s", answer).isLessThan(AT_ONCE);
                        if (answer.status() == 503) {
                            assertThat(exchange.begun)
                                    .as("begun before it was back")
                                    .isLessThan(back);
                            answer.expectProblem(503, "database-unavailable");
                            assertThat(answer.header("Retry-After")).isEqualTo("1");
                            refused++;
                        } else if (answer.status() == 201) {
                            acknowledged.add(answer.text("/title"));
                        } else {
                            answer.expect(200);
                        }
                    }
                }
                assertThat(refused).isPositive();
                List<String> stored =
                        new Sql(postgres.url() + "?ApplicationName=after").column("select title from posts");
                assertThat(stored).containsAll(acknowledged);
                Await.until(() -> delivered.size() >= stored.size());
                assertThat(delivered).containsExactlyInAnyOrderElementsOf(stored);
                feed.close();
                reader.join();
            }
        } finally {
            done.set(true);
            threads.shutdown();
        }
    }

    private List<Exchange> ask(IntFunction<Answer> request) {
        List<Exchange> exchanges = new ArrayList<>();
        while (!done.get()) {
            long begun = System.nanoTime();
            Answer answer = request.apply(exchanges.size());
            exchanges.add(new Exchange(begun, Duration.ofNanos(System.nanoTime() - begun), answer));
        }
        return exchanges;
    }

    /** All that comes, until the stream is closed from here. */
    private void read(FeedClient feed) {
        try {
            while (true) {
                delivered.addAll(Subscribers.titles(feed, 1));
            }
        } catch (IOException | AssertionError e) {
            assertThat(done).as("%s", e).isTrue();
        }
    }
}
