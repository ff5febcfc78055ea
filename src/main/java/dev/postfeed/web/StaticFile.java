package dev.postfeed.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * A file for browsers: read, hashed and compressed once. Compression by the server would put a handler into the
 * way of every answer and every event; here it costs no request anything.
 *
 * <p>A browser asks each time whether the file is still the same ({@code no-cache}), which is a 304 without a body: names
 * with hashes would need a build step.
 */
final class StaticFile {

    /** Nothing but files of this service's own; no script or style within the text, where a post's text could become one. */
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static final Map<String, MediaType> TYPES = Map.of(
            "html", new MediaType("text", "html", StandardCharsets.UTF_8),
            "css", new MediaType("text", "css", StandardCharsets.UTF_8),
            "js", new MediaType("text", "javascript", StandardCharsets.UTF_8),
            "txt", new MediaType("text", "plain", StandardCharsets.UTF_8),
            "svg", new MediaType("image", "svg+xml"),
            "yaml", new MediaType("application", "yaml"));

    /** An element of {@code Accept-Encoding} that names gzip with a weight other than 0. */
    private static final Pattern GZIP = Pattern.compile("(?i)gzip\\s*(;\\s*q=(1(\\.0*)?|0\\.\\d*[1-9]\\d*))?");

    private final MediaType type;
    private final byte[] plain;
    private final ETag plainTag;
    private final byte[] gzip;
    private final ETag gzipTag;

    private StaticFile(MediaType type, byte[] plain) throws IOException {
        this.type = type;
        this.plain = plain;
        this.plainTag = EntityTag.of(plain);
        this.gzip = gzip(plain);
        // Other bytes, another tag (RFC 9110, section 8.8.3.3); not of the bytes, which differ between Java's versions.
        this.gzipTag = new ETag(plainTag.tag() + "-gzip", false);
    }

    /** @throws IllegalArgumentException for a file whose name does not end as one that browsers know */
    static StaticFile of(Resource file) throws IOException {
        return of(String.valueOf(file.getFilename()), file.getContentAsByteArray());
    }

    /** The same of one that is not in a file. */
    static StaticFile of(String name, byte[] bytes) throws IOException {
        @Nullable MediaType type = TYPES.get(StringUtils.getFilenameExtension(name));
        if (type == null) {
            throw new IllegalArgumentException("no media type for " + name);
        }
        return new StaticFile(type, bytes);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        }
        return compressed.toByteArray();
    }

    Mono<ServerResponse> answer(ServerRequest request) {
        Accepts.require(request, type);
        boolean compressed = gzip.length < plain.length && takesGzip(request);
        ETag tag = compressed ? gzipTag : plainTag;
        boolean known = Preconditions.of(request).isKnown(tag);
        ServerResponse.BodyBuilder answer = ServerResponse.status(known ? HttpStatus.NOT_MODIFIED : HttpStatus.OK)
                .eTag(tag.formattedTag())
                .cacheControl(CacheControl.noCache())
                .varyBy(HttpHeaders.ACCEPT_ENCODING);
        if (known) {
            return answer.build();
        }
        if (compressed) {
            answer.header(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        answer.header("Content-Security-Policy", CONTENT_SECURITY_POLICY).header("Referrer-Policy", "no-referrer");
        return WholeBody.of(answer, type, compressed ? gzip : plain);
    }

    private static boolean takesGzip(ServerRequest request) {
        List<String> accepted = request.headers().header(HttpHeaders.ACCEPT_ENCODING);
        return accepted.stream()
                .flatMap(header -> Stream.of(header.split(",")))
                .anyMatch(encoding -> GZIP.matcher(encoding.strip()).matches());
    }
}
