package dev.postfeed.feed;

import dev.postfeed.query.InvalidParameterException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Where a client wants to begin.
 *
 * @param position null for now
 * @param wrong whether it asked for what is no position
 */
record FeedStart(@Nullable FeedPosition position, boolean wrong) {

    static final String LAST_EVENT_ID = "last_event_id";

    /** As browsers' EventSource calls it. */
    static final String LAST_EVENT_ID_CAMEL = "lastEventId";

    private static final FeedStart NOW = new FeedStart(null, false);
    private static final FeedStart FIRST = new FeedStart(FeedPosition.EARLIEST, false);

    /**
     * Reads the header {@code Last-Event-ID}, or else a parameter, which is taken away from them. Blank is not given.
     *
     * @throws InvalidParameterException when a parameter is given twice
     */
    static FeedStart of(@Nullable String header, Map<String, List<String>> parameters) {
        String parameter = remove(parameters, LAST_EVENT_ID);
        String camel = remove(parameters, LAST_EVENT_ID_CAMEL);
        String text = StringUtils.hasText(header) ? header : StringUtils.hasText(parameter) ? parameter : camel;
        if (!StringUtils.hasText(text)) {
            return NOW;
        }
        return switch (text) {
            case "now" -> NOW;
            case "earliest" -> FIRST;
            default -> {
                FeedPosition position = FeedPosition.parse(text);
                yield new FeedStart(position, position == null);
            }
        };
    }

    private static @Nullable String remove(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.remove(name);
        if (values != null && values.size() > 1) {
            throw new InvalidParameterException(name, "may be given once only");
        }
        return values == null ? null : values.get(0);
    }
}
