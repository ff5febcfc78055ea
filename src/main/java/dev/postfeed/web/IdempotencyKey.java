package dev.postfeed.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * What a client calls a request, so that its retries are not new requests.
 *
 * @param key the name
 * @param fingerprint of what was asked for under it: SHA-256
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The Idempotency-Key HTTP
 *     Header Field</a>
 */
public record IdempotencyKey(String key, byte[] fingerprint) {

    /** An attribute of the exchange: the name of the client, where that is known. Keys of others are not its own. */
    public static final String CLIENT = IdempotencyKey.class.getName() + ".client";

    static final String HEADER = "Idempotency-Key";

    private static final int MAX_LENGTH = 255;

    /**
     * The key of a request; null where it has none.
     *
     * @param type of the body
     * @param body of a request that is one document; empty for lines, which are compared one by one
     * @throws Problem when the header is not a string of the allowed form
     */
    static @Nullable IdempotencyKey of(ServerRequest request, WriteOptions options, MediaType type, byte[] body) {
        String key = parse(request.headers().header(HEADER));
        if (key == null) {
            return null;
        }
        MessageDigest hash = EntityTag.sha256();
        for (String part : List.of(
                request.method().name(),
                request.uri().getRawPath(),
                String.valueOf(request.uri().getRawQuery()),
                type.getType() + "/" + type.getSubtype(),
                options.onConflict().name())) {
            hash.update(part.getBytes(StandardCharsets.UTF_8));
            hash.update((byte) 0);
        }
        return new IdempotencyKey(of(key, request), hash.digest(body));
    }

    private static String of(String key, ServerRequest request) {
        return request.attribute(CLIENT)
                .map(client -> EntityTag.sha256().digest((client + "\0" + key).getBytes(StandardCharsets.UTF_8)))
                .map(hash -> Base64.getUrlEncoder().withoutPadding().encodeToString(hash))
                .orElse(key);
    }

    /**
     * A string of structured fields.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9651#section-3.3.3">RFC 9651, section 3.3.3</a>
     */
    static @Nullable String parse(List<String> headers) {
        if (headers.isEmpty()) {
            return null;
        }
        String value = headers.get(0).strip();
        int end = value.length() - 1;
        if (headers.size() > 1 || end < 1 || value.charAt(0) != '"' || value.charAt(end) != '"') {
            throw invalid();
        }
        StringBuilder key = new StringBuilder();
        for (int i = 1; i < end; i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                c = value.charAt(i);
                if (i == end || (c != '"' && c != '\\')) {
                    throw invalid();
                }
            } else if (c < ' ' || c > '~' || c == '"') {
                throw invalid();
            }
            key.append(c);
        }
        if (key.isEmpty() || key.length() > MAX_LENGTH) {
            throw invalid();
        }
        return key.toString();
    }

    /** What is kept of a line, to know it again. */
    static long hash(byte[] line) {
        return ByteBuffer.wrap(EntityTag.sha256().digest(line)).getLong();
    }

    /** The problem of a key that came before with something else. */
    static Problem reused(String what) {
        return new Problem(ProblemType.IDEMPOTENCY_KEY_REUSED, "the " + HEADER + " came before with another " + what);
    }

    private static Problem invalid() {
        return new Problem(
                ProblemType.BAD_REQUEST,
                HEADER + " must be given once, as a string of 1 to " + MAX_LENGTH
                        + " printable ASCII characters in quotation marks, in which \\\" and \\\\ stand for \" and \\:"
                        + " \"8e03978e-40d5-43dd-bc93-6894a57f9324\"");
    }
}
