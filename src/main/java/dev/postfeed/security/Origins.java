package dev.postfeed.security;

import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Whether a request comes from a page of this very service, as browsers say it. */
final class Origins {

    static final String FOREIGN =
            "Origin must be that of this service: with a cookie only its own pages may change something";

    private static final Pattern LOCAL = Pattern.compile("localhost|.*\\.localhost|127(\\.[0-9]+){3}|\\[::1]");

    private Origins() {}

    /**
     * The scheme is not compared: behind a proxy that ends TLS it is another here. But it is https, since browsers keep the
     * cookie over TLS only; or the host is this machine.
     *
     * @param origin of the page; null where the request has none, as those that a browser sends to read have
     */
    static boolean isOwn(@Nullable String origin, ServerHttpRequest request) {
        if (origin == null) {
            return false;
        }
        try {
            URI page = URI.create(origin);
            URI here = request.getURI();
            return page.getHost() != null
                    && ("https".equals(page.getScheme())
                            || LOCAL.matcher(page.getHost()).matches())
                    && page.getHost().equalsIgnoreCase(here.getHost())
                    && port(page) == port(here);
        } catch (IllegalArgumentException e) {
            return false; // Not even an address; "null" is one, without a host.
        }
    }

    /** -1 for the usual one. */
    private static int port(URI address) {
        int usual = "https".equals(address.getScheme()) ? 443 : 80;
        return address.getPort() == usual ? -1 : address.getPort();
    }
}
