package dev.postfeed.tracing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** An OpenTelemetry collector that takes spans by OTLP over HTTP, and keeps them. */
final class Collector implements AutoCloseable {

    /** As the wire has it: ids in hex, empty for none. */
    record Span(String trace, String id, String parent, String name) {}

    private final HttpServer server;
    private final Queue<Span> spans = new ConcurrentLinkedQueue<>();
    private final Queue<String> paths = new ConcurrentLinkedQueue<>();

    Collector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    List<Span> spans() {
        return List.copyOf(spans);
    }

    /** Where anything was sent to. */
    List<String> paths() {
        return List.copyOf(paths);
    }

    private void take(HttpExchange exchange) throws IOException {
        paths.add(exchange.getRequestURI().getPath());
        // opentelemetry/proto/collector/trace/v1/trace_service.proto: resource_spans, scope_spans, spans
        for (byte[] resource : fields(exchange.getRequestBody().readAllBytes(), 1)) {
            for (byte[] scope : fields(resource, 2)) {
                for (byte[] span : fields(scope, 2)) {
                    spans.add(new Span(
                            hex(span, 1),
                            hex(span, 2),
                            hex(span, 4),
                            new String(fields(span, 5).get(0))));
                }
            }
        }
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static String hex(byte[] message, int number) {
        List<byte[]> values = fields(message, number);
        return values.isEmpty() ? "" : HexFormat.of().formatHex(values.get(0));
    }

    /** The values of a field with a length, in a message of Protocol Buffers. */
    private static List<byte[]> fields(byte[] message, int number) {
        List<byte[]> values = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(message).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            switch ((int) (tag & 7)) {
                case 0 -> varint(in);
                case 1 -> in.getLong();
                case 5 -> in.getInt();
                default -> {
                    byte[] value = new byte[(int) varint(in)];
                    in.get(value);
                    if (tag >> 3 == number) {
                        values.add(value);
                    }
                }
            }
        }
        return values;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
