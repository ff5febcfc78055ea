package dev.postfeed.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

/** The bytes of a request's body, and what they say they are. */
final class RequestBody {

    /** Bytes of a body that is read as a whole, and of a line of one that is read line by line. */
    static final int MAX_SIZE = 1024 * 1024;

    private RequestBody() {}

    /**
     * Which of these types the body has.
     *
     * @throws UnsupportedMediaTypeStatusException when it has none of them, is not in UTF-8, or is encoded
     */
    static MediaType requireType(ServerRequest request, MediaType... expected) {
        List<MediaType> all = List.of(expected);
        if (request.headers().header(HttpHeaders.CONTENT_ENCODING).stream().anyMatch(c -> !c.equals("identity"))) {
            throw new UnsupportedMediaTypeStatusException("Content-Encoding is not supported", all);
        }
        MediaType given;
        try {
            given = request.headers().contentType().orElse(MediaType.APPLICATION_OCTET_STREAM);
        } catch (InvalidMediaTypeException e) {
            throw new UnsupportedMediaTypeStatusException(e.getMessage(), all);
        }
        boolean utf8 = given.getCharset() == null || given.getCharset().equals(StandardCharsets.UTF_8);
        return all.stream()
                .filter(type -> utf8 && given.equalsTypeAndSubtype(type))
                .findFirst()
                .orElseThrow(() -> new UnsupportedMediaTypeStatusException(given, all, null, request.method()));
    }

    /** The whole body; without any, no bytes. */
    static Mono<byte[]> bytes(ServerRequest request) {
        if (request.headers().contentLength().orElse(0) > MAX_SIZE) {
            return Mono.error(tooLarge("the body"));
        }
        return DataBufferUtils.join(buffers(request), MAX_SIZE)
                .onErrorMap(DataBufferLimitException.class, e -> tooLarge("the body"))
                .map(RequestBody::bytes)
                .defaultIfEmpty(new byte[0]);
    }

    /** The body as it comes, of any length. */
    static Flux<DataBuffer> buffers(ServerRequest request) {
        return request.exchange()
                .getRequest()
                .getBody()
                // Said of the client here, since further on it would be the database's.
                .onErrorMap(IOException.class, e -> new AbortedException("the client has gone"));
    }

    /** The bytes of a buffer, which is released. */
    static byte[] bytes(DataBuffer buffer) {
        try {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    static Problem tooLarge(String what) {
        return new Problem(ProblemType.TOO_LARGE, what + " is larger than " + MAX_SIZE + " bytes");
    }
}
