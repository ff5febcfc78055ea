package dev.postfeed.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventWriterTests {

    @Test
    void writesEventsAsBrowsersReadThem() {
        assertThat(text(EventWriter.post("5-3", "{\"id\":5}"))).isEqualTo("id: 5-3\nevent: post\ndata: {\"id\":5}\n\n");
        assertThat(text(EventWriter.caughtUp("5-3")))
                .isEqualTo("id: 5-3\nevent: caught-up\ndata: {\"position\":\"5-3\"}\n\n");
        assertThat(text(EventWriter.reset("5", "why")))
                .isEqualTo("id: 5\nevent: reset\ndata: {\"reason\":\"why\",\"position\":\"5\"}\n\n");
        assertThat(text(EventWriter.position("5-3"))).isEqualTo("id: 5-3\n\n");
        assertThat(text(EventWriter.retry(2345))).isEqualTo("retry: 2345\n\n");
        assertThat(text(EventWriter.HEARTBEAT)).isEqualTo(":\n\n");
    }

    @Test
    void writesTheSameEventAtAnotherPosition() {
        String json = "{\"title\":\"ü\uD83D\uDE00\u2028\\n\\r\"}";
        for (String position : new String[] {"5", "5-3", "1000-1.3.5_7"}) {
            assertThat(EventWriter.at(position, EventWriter.post("17-3", json)))
                    .isEqualTo(EventWriter.post(position, json));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }
}
