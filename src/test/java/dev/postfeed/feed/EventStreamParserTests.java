package dev.postfeed.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tests' own reader of event streams, since what they say of the feed rests on it. */
class EventStreamParserTests {

    private final EventStreamParser parser = new EventStreamParser();

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void readsLinesOfAnyEndInPiecesOfAnySize(String end) throws IOException {
        byte[] stream = "\uFEFFretry: 2345\n\n:\nid: 1\nevent: post\ndata: a\ndata:  ü\u2028😀\n\ndata\n\nid: 2\n\n"
                .replace("\n", end)
                .getBytes(UTF_8);
        List<StreamEvent> expected = List.of(
                new StreamEvent("1", "post", "a\n ü\u2028😀"),
                new StreamEvent("1", "message", ""),
                new StreamEvent("2", "", ""));
        for (int size = 1; size <= stream.length; size++) {
            EventStreamParser inPieces = new EventStreamParser();
            for (int start = 0; start < stream.length; start += size) {
                inPieces.add(stream, start, Math.min(stream.length, start + size));
            }
            assertThat(all(inPieces)).isEqualTo(expected);
            assertThat(inPieces.comments()).containsExactly("");
            assertThat(inPieces.retryMillis()).isEqualTo(2345);
        }
    }

    @Test
    void anEventThatHasNotEndedIsNone() throws IOException {
        add("id: 1\ndata: a\n");
        assertThat(parser.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"date: a\n", "id: \0\n", "retry: soon\n"})
    void doesNotIgnoreWhatABrowserWouldIgnore(String line) {
        assertThatThrownBy(() -> add(line)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesWhatIsNotUtf8() {
        assertThatThrownBy(() -> parser.add(new byte[] {(byte) 0xff, '\n'}, 0, 2))
                .isInstanceOf(CharacterCodingException.class);
    }

    private void add(String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        parser.add(bytes, 0, bytes.length);
    }

    private static List<StreamEvent> all(EventStreamParser parser) {
        List<StreamEvent> all = new ArrayList<>();
        for (StreamEvent event = parser.poll(); event != null; event = parser.poll()) {
            all.add(event);
        }
        return all;
    }
}
