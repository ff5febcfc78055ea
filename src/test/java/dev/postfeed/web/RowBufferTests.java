package dev.postfeed.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.query.Position;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowBufferTests {

    private static final int MEBIBYTE = 1024 * 1024;

    @Test
    void isAnEmptyArrayWithoutRows() {
        RowBuffer page = page(2, 100);
        assertThat(page.isCut()).isFalse();
        assertThat(page.isEmptyList()).isTrue();
        assertThat(page.toArray()).asString().isEqualTo("[]");
    }

    @Test
    void hasAsManyRowsAsItsLimitAndKnowsThatThereIsAnother() {
        RowBuffer page = page(2, 100);
        add(page, 3, "{}");
        add(page, 5, "{\"a\":1}");
        assertThat(page.isCut()).isFalse();
        add(page, 7, "{}");
        add(page, 9, "{}");
        assertThat(page.isCut()).isTrue();
        assertThat(page.last()).isEqualTo(new Position(List.of("5"), 2));
        assertThat(page.toArray()).asString().isEqualTo("[{},{\"a\":1}]");
    }

    @Test
    void endsBeforeItGrowsTooLarge() {
        RowBuffer page = page(100, 4 * MEBIBYTE);
        String row = "x".repeat(MEBIBYTE);
        for (int id = 1; id <= 10; id++) {
            add(page, id, row);
        }
        assertThat(page.isCut()).isTrue();
        assertThat(page.rows()).isEqualTo(3);
        assertThat(page.last().key()).containsExactly("3");
    }

    @Test
    void hasOneRowHoweverLarge() {
        RowBuffer page = page(100, MEBIBYTE);
        add(page, 1, "x".repeat(2 * MEBIBYTE));
        // A statement may stop here: what follows is for the next page to find out.
        assertThat(page.isCut()).isTrue();
        add(page, 2, "{}");
        assertThat(page.last().key()).containsExactly("1");
    }

    @Test
    void goesOnWhereTheOneBeforeEnded() {
        RowBuffer page = new RowBuffer(new Position(List.of("7"), 40), 2, 100, "\n");
        assertThat(page.isEmptyList()).isFalse();
        add(page, 8, "{}");
        assertThat(page.last()).isEqualTo(new Position(List.of("8"), 41));
        assertThat(new String(page.toBytes(), UTF_8)).isEqualTo("{}\n");
    }

    private static RowBuffer page(int rows, int bytes) {
        return new RowBuffer(null, rows, bytes, ",").text("[");
    }

    private static void add(RowBuffer page, long id, String row) {
        page.add(() -> page.text(row), () -> List.of(Long.toString(id)));
    }
}
