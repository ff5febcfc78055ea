package dev.postfeed.security;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Who is let in. Tokens are configured by Boot's own {@code spring.security.oauth2.resourceserver.jwt.*}.
 *
 * @param open whether an address that others can reach may be served without any token, default false
 * @param publicPosts whether posts, and their feed, are read without a token where the rest wants one, default false
 * @param allowedOrigins other origins whose pages may use the service, such as {@code https://app.example.com}, or
 *     {@code *} for all; none by default. Cookies are no use to them
 */
@ConfigurationProperties("postfeed.security")
record SecurityProperties(
        @DefaultValue("false") Boolean open,
        @DefaultValue("false") Boolean publicPosts,
        @DefaultValue List<String> allowedOrigins) {

    static final String ALLOWED_ORIGINS = "postfeed.security.allowed-origins";

    /** As browsers send it (RFC 6454): no path, and no slash at the end. */
    private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[^/\\s@?#*]+");

    SecurityProperties {
        allowedOrigins.stream()
                .filter(origin -> !ORIGIN.matcher(origin).matches())
                .findFirst()
                .ifPresent(origin -> {
                    throw new InvalidConfigurationPropertyValueException(
                            ALLOWED_ORIGINS,
                            origin,
                            "must be origins, separated by commas, such as https://app.example.com, or * for all");
                });
    }
}
