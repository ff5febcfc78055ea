package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineSplitterTests {

    private static final int MAX = 8;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\" | \"\"",
                "a | 1:a",
                "a~ | 1:a",
                "a~b | 1:a 2:b",
                "a~b~ | 1:a 2:b",
                "a^~b^~ | 1:a 2:b",
                "a^ | 1:a",
                "~~a~~b | 3:a 5:b",
                "^~  ~a | 3:a",
                "12345678~b | 1:12345678 2:b",
                "12345678^~b | 1:12345678 2:b",
                "12345678^ | 1:12345678",
                "123456789~b | 1!12345678 2:b",
                "123456789 | 1!12345678",
                "12345678^^~b | 1!12345678 2:b",
                "12345678^9~b | 1!12345678 2:b",
                "1234567890123456789012345~b | 1!12345678 2:b",
                "#a~b | 1:a 2:b",
                "#12345678~b | 1:12345678 2:b",
                "#123456789~b | 1!12345678 2:b",
                "#12345678^~b | 1:12345678 2:b",
                "#~b | 2:b",
                "a~#b | 1:a 2:#b",
                "##a | 1:#a",
            })
    void givesTheSameLinesHoweverItIsCut(String body, String expected) {
        byte[] bytes = body.replace('~', '\n')
                .replace('^', '\r')
                .replace('#', '\uFEFF')
                .getBytes(UTF_8);
        assertThat(lines(List.of(bytes))).as("in one piece").isEqualTo(expected);
        List<byte[]> single = new ArrayList<>();
        for (byte b : bytes) {
            single.add(new byte[] {b});
        }
        assertThat(lines(single)).as("byte by byte").isEqualTo(expected);
        Random random = new Random(body.hashCode());
        for (int round = 0; round < 200; round++) {
            assertThat(lines(cut(bytes, random))).as("round %d", round).isEqualTo(expected);
        }
    }

    /** A line that never ends is told of at once, and not kept. */
    @Test
    void tellsOfALineThatIsTooLongBeforeItEnds() {
        LineSplitter splitter = new LineSplitter(MAX);
        assertThat(splitter.add(new byte[MAX])).isEmpty();
        assertThat(splitter.add(new byte[2])).singleElement().matches(Line::tooLong);
        for (int i = 0; i < 1000; i++) {
            assertThat(splitter.add(new byte[1000])).isEmpty();
        }
        assertThat(splitter.end()).isEmpty();
    }

    private static List<byte[]> cut(byte[] bytes, Random random) {
        List<byte[]> pieces = new ArrayList<>();
        int start = 0;
        while (start < bytes.length) {
            int end = Math.min(bytes.length, start + random.nextInt(5));
            pieces.add(Arrays.copyOfRange(bytes, start, end));
            start = end;
        }
        return pieces;
    }

    private static String lines(List<byte[]> pieces) {
        LineSplitter splitter = new LineSplitter(MAX);
        List<Line> lines = new ArrayList<>();
        pieces.forEach(piece -> lines.addAll(splitter.add(piece)));
        lines.addAll(splitter.end());
        StringBuilder text = new StringBuilder();
        for (Line line : lines) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(line.number())
                    .append(line.tooLong() ? '!' : ':')
                    .append(new String(line.bytes(), UTF_8).replace('\uFEFF', '#'));
        }
        return text.toString();
    }
}
