package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class JsonPageTests {

    @Test
    void isAnEmptyArrayWithoutRows() {
        JsonPage page = new JsonPage(2);
        assertThat(page.hasMore()).isFalse();
        assertThat(page.toBytes()).asString().isEqualTo("[]");
    }

    @Test
    void hasAsManyRowsAsItsLimitAndKnowsThatThereIsAnother() {
        JsonPage page = new JsonPage(2);
        page.add(3, bytes("{}"));
        page.add(5, bytes("{\"a\":1}"));
        assertThat(page.hasMore()).isFalse();
        page.add(7, bytes("{}"));
        page.add(9, bytes("{}"));
        assertThat(page.hasMore()).isTrue();
        assertThat(page.lastId()).isEqualTo(5);
        assertThat(page.toBytes()).asString().isEqualTo("[{},{\"a\":1}]");
    }

    @Test
    void endsBeforeItGrowsTooLarge() {
        JsonPage page = new JsonPage(100);
        byte[] mebibyte = new byte[1024 * 1024];
        for (int id = 1; id <= 10; id++) {
            page.add(id, mebibyte);
        }
        assertThat(page.hasMore()).isTrue();
        assertThat(page.lastId()).isEqualTo(3);
    }

    @Test
    void hasOneRowHoweverLarge() {
        JsonPage page = new JsonPage(100);
        page.add(1, new byte[RowRepository.PAGE_BYTES * 2]);
        // A repository may stop here: what follows is for the next page to find out.
        assertThat(page.hasMore()).isTrue();
        page.add(2, bytes("{}"));
        assertThat(page.lastId()).isEqualTo(1);
        assertThat(page.hasMore()).isTrue();
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
