package dev.postfeed.feed;

import static dev.postfeed.Api.json;
import static dev.postfeed.feed.Subscribers.titles;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.Api;
import dev.postfeed.PostfeedProcess;
import dev.postfeed.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedRefusedFilterIntegrationTests {

    @TempDir
    Path directory;

    /** The reader asks for what all filters want to know in one statement, which this database refuses. */
    @Test
    void whatTheDatabaseCannotCompareKeepsNobodyElseFromPosts() throws IOException {
        String latin1 = TestPostgres.newDatabase("encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0");
        try (PostfeedProcess node = PostfeedProcess.start(directory, Map.of("DATABASE_URL", latin1));
                Subscribers subscribers = new Subscribers(node.awaitReady())) {
            Api api = new Api(node.client());
            FeedClient plain = subscribers.follow("");
            FeedClient filtered = subscribers.follow("?title=like.*2");
            // U+6F22 is not in LATIN1.
            subscribers.open("?title=eq.%E6%BC%A2");
            for (int i = 1; i <= 3; i++) {
                api.post("/posts", json("title", "post " + i)).expect(201);
            }
            assertThat(titles(plain, 3)).containsExactly("post 1", "post 2", "post 3");
            assertThat(titles(filtered, 1)).containsExactly("post 2");
        }
    }
}
