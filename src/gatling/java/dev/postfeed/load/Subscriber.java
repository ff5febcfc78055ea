package dev.postfeed.load;

import io.gatling.http.action.sse.SseInboundMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a reader of the feed has received; it is that of one virtual user, which is in one place at a time. */
final class Subscriber {

    /** Name of an entry of the report: from the sending of a post to its receipt. */
    static final String DELIVERED = "deliver a post";

    /** What a post of the load begins its content with, before the milliseconds since 1970 at which it was sent. */
    static final String SENT = "sent at ";

    private static final String RESET = "\"event\":\"reset\"";
    private static final Pattern POST =
            Pattern.compile("\\{\"event\":\"post\",\"id\":\"([^\"]+)\",\"data\":\\{\"id\":(\\d+),.*");
    private static final Pattern SENT_AT = Pattern.compile("\"content\":\"" + SENT + "(\\d+)\"");

    private final Acknowledged acknowledged;
    private final long since;
    private final Set<Long> received = new HashSet<>();
    private final List<Report.Entry> deliveries = new ArrayList<>();
    private String position;
    private int repeated;
    private int resets;
    private List<Long> due = List.of();

    /**
     * @param position where the feed had caught up
     * @param since when that was: what is sent later must come
     */
    Subscriber(Acknowledged acknowledged, String position, long since) {
        this.acknowledged = acknowledged;
        this.position = position;
        this.since = since;
    }

    /** Of the last event that was received. */
    String position() {
        return position;
    }

    /** New posts: how long each was on its way. */
    void receive(List<SseInboundMessage> messages) {
        for (SseInboundMessage message : messages) {
            if (receive(message.message())) {
                Matcher sent = SENT_AT.matcher(message.message());
                if (sent.find()) {
                    long start = Long.parseLong(sent.group(1));
                    deliveries.add(new Report.Entry(DELIVERED, start, Math.max(start, message.timestamp()), ""));
                }
            }
        }
    }

    /** Posts that were written meanwhile: how long they were waited for says nothing. */
    void replay(List<SseInboundMessage> messages) {
        messages.forEach(message -> receive(message.message()));
    }

    private boolean receive(String message) {
        Matcher post = POST.matcher(message);
        if (!post.matches()) {
            resets += message.contains(RESET) ? 1 : 0;
            return false;
        }
        position = post.group(1);
        boolean first = received.add(Long.parseLong(post.group(2)));
        repeated += first ? 0 : 1;
        return first;
    }

    /** Those since the last call. */
    List<Report.Entry> deliveries() {
        List<Report.Entry> entries = List.copyOf(deliveries);
        deliveries.clear();
        return entries;
    }

    /** What has been acknowledged by now is all that is waited for. */
    void finish() {
        due = acknowledged.sentAfter(since);
    }

    boolean isComplete() {
        return received.containsAll(due);
    }

    /** The sum: a success when nothing was lost, and nothing came twice. */
    Report.Entry verdict(long now) {
        List<Long> lost = due.stream().filter(id -> !received.contains(id)).toList();
        String failure = lost.isEmpty() && repeated == 0 && resets == 0
                ? ""
                : "of %d posts %d lost, %d repeated, %d resets; lost first: %s"
                        .formatted(
                                due.size(),
                                lost.size(),
                                repeated,
                                resets,
                                lost.stream().findFirst());
        return new Report.Entry("have all posts, each once", now, now, failure);
    }
}
