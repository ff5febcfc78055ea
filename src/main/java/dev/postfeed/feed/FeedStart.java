package dev.postfeed.feed;

import dev.postfeed.feed.FeedLog.Head;
import dev.postfeed.query.InvalidParameterException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * Where a client wants to begin.
 *
 * @param position null for now
 * @param timeline of the position
 * @param wrong whether it asked for what is no position
 */
record FeedStart(@Nullable FeedPosition position, int timeline, boolean wrong) {

    static final String LAST_EVENT_ID = "last_event_id";

    /** As browsers' EventSource calls it. */
    static final String LAST_EVENT_ID_CAMEL = "lastEventId";

    /** With its timeline, which is left out as long as it is the first. */
    private static final Pattern TEXT = Pattern.compile("([^~]*)(?:~([2-9]|[1-9][0-9]{1,8}))?");

    private static final FeedStart NOW = new FeedStart(null, Timeline.FIRST.id(), false);
    private static final FeedStart FIRST = new FeedStart(FeedPosition.EARLIEST, Timeline.FIRST.id(), false);
    private static final FeedStart WRONG = new FeedStart(null, Timeline.FIRST.id(), true);

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
            default -> parse(text);
        };
    }

    /** Where a node is. */
    static FeedStart at(Head head) {
        return new FeedStart(head.position(), head.timeline().id(), false);
    }

    private static FeedStart parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        FeedPosition position = matcher.matches() ? FeedPosition.parse(matcher.group(1)) : null;
        if (position == null) {
            return WRONG;
        }
        String timeline = matcher.group(2);
        return new FeedStart(position, timeline == null ? Timeline.FIRST.id() : Integer.parseInt(timeline), false);
    }

    private static @Nullable String remove(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.remove(name);
        if (values != null && values.size() > 1) {
            throw new InvalidParameterException(name, "may be given once only");
        }
        return values == null ? null : values.get(0);
    }
}
