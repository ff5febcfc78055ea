package dev.postfeed.feed;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A post as the feed has it.
 *
 * @param timeline of its position
 * @param asWritten whether it looks like one that a writer of the checker has written
 */
record DeliveredPost(int timeline, long id, String title, boolean asWritten) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern TITLE = Pattern.compile("(?<topic>.*) u(?<user>[0-9]+) [^ ]+#[0-9]+");

    static DeliveredPost of(StreamEvent event) {
        JsonNode post = JSON.readTree(event.data());
        String title = post.path("title").asString();
        Matcher parts = TITLE.matcher(title);
        boolean asWritten = parts.matches()
                && Long.parseLong(parts.group("user")) == post.path("user_id").asLong(0)
                && post.path("created_at").isString()
                && post.size() == 5;
        return new DeliveredPost(Place.timeline(event.id()), post.path("id").asLong(), title, asWritten);
    }
}
