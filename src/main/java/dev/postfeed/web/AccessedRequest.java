package dev.postfeed.web;

import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/** A request that is under way, and what has been answered so far; its connection's event loop's. */
abstract class AccessedRequest {

    private final long begin = System.nanoTime();
    private int status;
    private long bytes;

    static AccessedRequest of(HttpRequest request) {
        return new AccessedRequest() {
            @Override
            CharSequence method() {
                return isUnread() ? "-" : request.method().name();
            }

            @Override
            CharSequence target() {
                return isUnread() ? "-" : request.uri();
            }

            /** Netty has made one up for a request line that it could not read. */
            private boolean isUnread() {
                return request.decoderResult().isFailure() && request.uri().equals("/bad-request");
            }

            @Override
            String version() {
                return request.protocolVersion().minorVersion() == 0 ? "1.0" : "1.1";
            }

            @Override
            @Nullable
            CharSequence header(CharSequence name) {
                return request.headers().get(name);
            }
        };
    }

    static AccessedRequest of(Http2Headers headers) {
        return new AccessedRequest() {
            @Override
            CharSequence method() {
                return headers.method() == null ? "-" : headers.method(); // It is refused later.
            }

            @Override
            CharSequence target() {
                return headers.path();
            }

            @Override
            String version() {
                return "2";
            }

            @Override
            @Nullable
            CharSequence header(CharSequence name) {
                return headers.get(name);
            }
        };
    }

    abstract CharSequence method();

    abstract CharSequence target();

    /** Of HTTP. */
    abstract String version();

    abstract @Nullable CharSequence header(CharSequence name);

    void answered(int with) {
        status = with;
    }

    /** Bytes of the body have been handed to the connection. */
    void sent(long more) {
        bytes += more;
    }

    /** {@link System#nanoTime()} when its headers had come. */
    long begin() {
        return begin;
    }

    /** 0 as long as it has no answer. */
    int status() {
        return status;
    }

    long bytes() {
        return bytes;
    }
}
