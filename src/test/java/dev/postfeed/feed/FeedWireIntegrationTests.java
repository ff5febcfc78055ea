package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Answer;
import dev.postfeed.Api;
import dev.postfeed.PostfeedTest;
import dev.postfeed.faults.Covers;
import dev.postfeed.faults.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bytes of a stream. */
@PostfeedTest
@TestPropertySource(properties = "spring.application.name=feed-wire") // Nobody else writes there.
class FeedWireIntegrationTests {

    private static final int MOST = 1024 * 1024;

    Api api;

    @LocalServerPort
    int port;

    @BeforeEach
    void connect(@Autowired WebTestClient client) {
        api = new Api(client);
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Test
    void headersAndRetryComeFirst() throws IOException {
        try (EventStreamBytes wire = new EventStreamBytes(port, "")) {
            assertThat(wire.readHead().lines())
                    .startsWith("HTTP/1.1 200 OK")
                    .contains("Content-Type: text/event-stream", "Cache-Control: no-store", "X-Accel-Buffering: no")
                    .anyMatch(line -> line.equalsIgnoreCase("transfer-encoding: chunked"))
                    .noneMatch(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length"));
            String retry = wire.readBlock();
            assertThat(retry).matches("retry: \\d{4}\n\n");
            assertThat(Integer.parseInt(retry.strip().substring(7))).isBetween(1000, 4000);
            assertThat(wire.readBlock()).matches("id: (\\d+)\nevent: caught-up\ndata: \\{\"position\":\"\\1\"}\n\n");
        }
    }

    @Test
    void clientsAreToldToComeBackAtDifferentTimes() throws IOException {
        Set<String> retries = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            try (EventStreamBytes wire = new EventStreamBytes(port, "")) {
                wire.readHead();
                retries.add(wire.readBlock());
            }
        }
        assertThat(retries).hasSizeGreaterThan(5);
    }

    @Test
    void anEventIsThreeLines() throws IOException {
        try (EventStreamBytes wire = follow("")) {
            Answer post = api.post("/posts", json("title", "Hello", "content", "a\nb"));
            assertThat(wire.readBlock())
                    .isEqualTo("id: " + post.id() + "\nevent: post\ndata: {\"id\":" + post.id()
                            + ",\"title\":\"Hello\",\"content\":\"a\\nb\",\"user_id\":null,\"created_at\":\""
                            + post.text("/created_at") + "\"}\n\n");
        }
    }

    private EventStreamBytes follow(String query) throws IOException {
        EventStreamBytes wire = new EventStreamBytes(port, query);
        wire.readHead();
        wire.readBlock();
        assertThat(wire.readBlock()).contains("event: caught-up");
        return wire;
    }

    static List<@Nullable String> contents() {
        return Arrays.asList(
                null,
                "",
                " ",
                "\n",
                "a\nb\n\nc\n",
                "a\rb\r\rc\r",
                "a\r\nb\r\n\r\nc\r\n",
                "\n\nevent: x\ndata: y\n\n",
                "\r\revent: x\rdata: y\r\r",
                "\r\n\r\nid: 1\r\n\r\n",
                "id: 1",
                ": comment",
                "data: x",
                "retry: 1",
                "\uFEFFdata",
                "a\u2028b\u2029c\u0085d\u000Be\u000Cf",
                "\u0001\u0008\u001B\u007F\u009F",
                "\"\\/\\n\\u000a",
                "😀𝒳\uDBFF\uDFFF",
                "x".repeat(MOST - 100),
                "😀".repeat(MOST / 4 - 100),
                "\n".repeat(MOST / 2 - 100));
    }

    @ParameterizedTest
    @MethodSource("contents")
    @Covers(Fault.CONTROL_CHARACTERS)
    void whateverTheTextItStaysInItsLine(@Nullable String content) throws IOException {
        try (EventStreamBytes live = follow("");
                EventStreamBytes filtered = follow("?title=like.t*")) {
            Answer post =
                    api.post("/posts", json("title", "t", "content", content)).expect(201);
            String position = Long.toString(post.id() - 1);
            try (EventStreamBytes replayed = new EventStreamBytes(port, "?last_event_id=" + position)) {
                replayed.readHead();
                replayed.readBlock();
                String row = api.get("/posts?id=eq." + post.id()).body();
                String expected = row.substring(1, row.length() - 1);
                for (EventStreamBytes wire : List.of(live, filtered, replayed)) {
                    String event = utf8(wire.readBlock());
                    assertThat(event).isEqualTo("id: " + post.id() + "\nevent: post\ndata: " + expected + "\n\n");
                    assertThat(event).doesNotContain("\r");
                    JsonNode stored = new JsonMapper().readTree(event.substring(event.indexOf("{")));
                    assertThat(stored.path("content").stringValue(null)).isEqualTo(content);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\n\r\nevent: x",
                "\n\ndata: y\n\n",
                "event: x\r",
                "1\nid: 2",
                "id: 1",
                "data: y",
                "x\u2028\u0085",
                "retry: 1"
            })
    @Covers(Fault.CONTROL_CHARACTERS)
    void textThatLooksLikeAStreamIsATitle(String title) throws IOException {
        try (EventStreamBytes wire = follow("")) {
            Answer post = api.post("/posts", json("title", title)).expect(201);
            assertThat(utf8(wire.readBlock()))
                    .isEqualTo("id: " + post.id() + "\nevent: post\ndata: " + post.body() + "\n\n");
            Answer next = api.post("/posts", json("title", "next")).expect(201);
            assertThat(wire.readBlock()).startsWith("id: " + next.id() + "\nevent: post\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%0A%0Aevent:%20x%0Adata:%20y%0A%0A",
                "%0D%0AX-Injected:%20y",
                "%0D%0A%0D%0Adata:%20y",
                "%00",
                "1%0A",
                "1%E2%80%A8",
                "%22,%22x%22:%22",
                "<script>alert(1)</script>"
            })
    @Covers(Fault.CONTROL_CHARACTERS)
    void aPositionOfControlCharactersInjectsNothing(String position) throws IOException {
        try (EventStreamBytes wire = new EventStreamBytes(port, "?last_event_id=" + position)) {
            expectOnlyAReset(wire);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\u0001",
                "\u007F",
                "1\t2",
                "\u00E4",
                "\uFFFF",
                "data: y",
                "x\r\n data: folded",
                "\"},\"x\":{\"",
                "0x10"
            })
    @Covers(Fault.CONTROL_CHARACTERS)
    void aHeaderThatIsNoPositionInjectsNothing(String position) throws IOException {
        try (EventStreamBytes wire = new EventStreamBytes(port, "", "Last-Event-ID: " + position)) {
            String head = wire.readHead();
            if (head.startsWith("HTTP/1.1 400")) {
                assertThat(position).as("refused as HTTP").containsPattern("[\\x00-\\x08\\x0A-\\x1F\\x7F]");
                assertThat(head).contains("application/problem+json");
            } else {
                expectOnlyAReset(wire, head);
            }
        }
    }

    private static void expectOnlyAReset(EventStreamBytes wire) throws IOException {
        expectOnlyAReset(wire, wire.readHead());
    }

    private static void expectOnlyAReset(EventStreamBytes wire, String head) throws IOException {
        assertThat(head).startsWith("HTTP/1.1 200").doesNotContain("Injected");
        assertThat(wire.readBlock()).startsWith("retry: ");
        assertThat(wire.readBlock())
                .matches(
                        "id: (\\d+)\nevent: reset\ndata: \\{\"reason\":\"this is no position\",\"position\":\"\\1\"}\n\n");
        assertThat(wire.readBlock()).matches("id: (\\d+)\nevent: caught-up\ndata: \\{\"position\":\"\\1\"}\n\n");
    }
}
