package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTests {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-will-be-like",
                "fe-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-"
            })
    void aValidOneStays(String value) {
        assertThat(ensured(value)).isEqualTo(value);
        assertThat(ensuredHttp2(value)).isEqualTo(value);
        assertThat(TraceParent.traceId(value)).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "x",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-00",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902bx-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void anyOtherIsReplacedByOneThatNamesNoParent(String value) {
        for (String fresh : List.of(ensured(value), ensuredHttp2(value))) {
            assertThat(fresh).matches("00-[0-9a-f]{32}-0{16}-00").doesNotContain(TRACE);
            assertThat(TraceParent.traceId(fresh)).isEqualTo(fresh.substring(3, 35));
        }
    }

    @Test
    void oneThatIsThereTwiceIsReplaced() {
        String value = "00-" + TRACE + "-00f067aa0ba902b7-01";
        HttpHeaders headers = new DefaultHttpHeaders().add("traceparent", List.of(value, value));
        TraceParent.ensure(headers);
        assertThat(headers.getAll("Traceparent")).hasSize(1).noneMatch(all -> all.contains(TRACE));
        Http2Headers http2 = new DefaultHttp2Headers().add("traceparent", List.of(value, value));
        TraceParent.ensure(http2);
        assertThat(http2.getAll("traceparent"))
                .hasSize(1)
                .noneMatch(all -> all.toString().contains(TRACE));
    }

    @Test
    void freshOnesDiffer() {
        assertThat(IntStream.range(0, 1000).mapToObj(i -> ensured(null)).collect(Collectors.toSet()))
                .hasSize(1000);
    }

    @Test
    void whatHasNotBeenThroughTheEdgeIsNotTrusted() {
        assertThat(TraceParent.traceId(null)).matches("[0-9a-f]{32}");
        assertThat(TraceParent.traceId("x")).matches("[0-9a-f]{32}");
        assertThat(TraceParent.traceId("\r".repeat(34) + "-0000000000000000-00"))
                .matches("[0-9a-f]{32}");
    }

    private static String ensured(String value) {
        HttpHeaders headers = new DefaultHttpHeaders();
        if (value != null) {
            headers.set("Traceparent", value);
        }
        TraceParent.ensure(headers);
        return headers.get("traceparent");
    }

    private static String ensuredHttp2(String value) {
        Http2Headers headers = new DefaultHttp2Headers();
        if (value != null) {
            headers.set("traceparent", value);
        }
        TraceParent.ensure(headers);
        return headers.get("traceparent").toString();
    }
}
