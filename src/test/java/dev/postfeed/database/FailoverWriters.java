package dev.postfeed.database;

import static dev.postfeed.Api.json;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that write one post after the other, and hold what they are answered against what they may be. Every other one
 * has an {@code Idempotency-Key} for each post and comes again with it until it is stored; the others never do.
 */
final class FailoverWriters implements AutoCloseable {

    /** A post that was answered 201; {@code keyed} where its writer came again until it was. */
    record Acknowledged(String title, int writer, boolean keyed, long sentAt, long answeredAt) {}

    /** Before it, an answer has to be there. */
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final URI posts;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Thread> writers = new ArrayList<>();
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final Queue<Long> answeredIn = new ConcurrentLinkedQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean writing = true;

    FailoverWriters(String service, int count) {
        posts = URI.create(service + "/posts");
        for (int i = 0; i < count; i++) {
            int writer = i;
            Thread thread = new Thread(() -> write(writer), "writer " + i);
            writers.add(thread);
            thread.start();
        }
    }

    private void write(int writer) {
        boolean keyed = writer % 2 == 0;
        try {
            for (int i = 0; writing; i++) {
                String title = writer + "-" + i;
                while (!post(title, writer, keyed) && keyed) {
                    Thread.sleep(100);
                }
                Thread.sleep(2);
            }
        } catch (InterruptedException e) {
            violations.add("writer " + writer + " still had to come again at the end");
        }
    }

    private boolean post(String title, int writer, boolean keyed) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(posts)
                .timeout(LONGEST)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json("title", title)));
        if (keyed) {
            request.header("Idempotency-Key", '"' + title + '"');
        }
        long sent = System.nanoTime();
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            long now = System.nanoTime();
            answeredIn.add(now - sent);
            if (answer.statusCode() == 201) {
                acknowledged.add(new Acknowledged(title, writer, keyed, sent, now));
                return true;
            }
            refusals.incrementAndGet();
            requireProblem(title, answer);
        } catch (IOException e) {
            violations.add(title + ": no answer: " + e);
        }
        return false;
    }

    private void requireProblem(String title, HttpResponse<String> answer) {
        boolean right = answer.statusCode() == 503
                && answer.headers().firstValue("Retry-After").isPresent()
                && answer.body().contains("/problems/database-unavailable")
                && !answer.body().matches("(?s).*(127\\.0\\.0\\.1|xception|read-only|r2dbc|host).*");
        if (!right) {
            violations.add(
                    title + ": " + answer.statusCode() + " " + answer.headers().map() + " " + answer.body());
        }
    }

    /** Lets them end what they are at, and waits for that. */
    void stop() throws InterruptedException {
        writing = false;
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        for (Thread writer : writers) {
            writer.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            writer.interrupt();
            writer.join();
        }
    }

    /** What was answered 201, in the order of the answers. */
    List<Acknowledged> acknowledged() {
        return acknowledged.stream()
                .sorted(Comparator.comparingLong(Acknowledged::answeredAt))
                .toList();
    }

    /** How long after a time, {@link System#nanoTime}, a post was sent and stored first. */
    Duration resumedAfter(long time) {
        return Duration.ofNanos(acknowledged.stream()
                        .filter(post -> post.sentAt() >= time)
                        .mapToLong(Acknowledged::answeredAt)
                        .min()
                        .orElse(Long.MAX_VALUE)
                - time);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }

    int refusals() {
        return refusals.get();
    }

    Duration longestAnswer() {
        return Duration.ofNanos(
                answeredIn.stream().mapToLong(Long::longValue).max().orElse(0));
    }

    @Override
    public void close() {
        writing = false;
        writers.forEach(Thread::interrupt);
    }
}
