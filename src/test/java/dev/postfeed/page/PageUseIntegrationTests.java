package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Without a mouse, and on a small screen. */
class PageUseIntegrationTests extends PageFixture {

    @Test
    void byKeyboardOnly() throws InterruptedException {
        insert(120, "old ");
        open();
        page.press(Keys.TAB);
        assertThat(focused()).isEqualTo("Skip to the posts");
        page.press(Keys.ENTER);
        page.await("the posts have the focus", () -> focused().equals("Posts"));

        page.tabTo("#post-title");
        page.press("typed", Keys.TAB, "text", Keys.TAB, Keys.ENTER);
        page.awaitTitle("typed");

        page.tabTo("#pause");
        page.press(Keys.SPACE);
        post("meanwhile");
        page.await("it is counted", () -> page.isShown("#newest"));
        page.tabTo("#newest");
        page.press(Keys.ENTER);
        page.awaitTitle("meanwhile");
        assertThat(focused()).isEqualTo("Posts");

        page.tabTo("#filter-text");
        page.press("old", Keys.ENTER);
        page.await("the list is filtered", () -> !page.titles().contains("typed"));
        for (int size = 50; size < 120; size = Math.min(120, size + 50)) {
            page.awaitSize(size);
            page.run(
                    "document.querySelector('#posts > li:last-child a').focus()"); // A thousand tabs test nothing more.
            page.tabTo("#older");
            page.press(Keys.ENTER);
        }
        page.awaitSize(120);
        page.await("the end is told", () -> focused().equals("There are no older posts."));
    }

    @Test
    void whereTheFocusIsCanBeSeen() throws InterruptedException {
        post("a", "x".repeat(3000));
        open();
        page.run("document.querySelectorAll('details').forEach(d => d.open = true)");
        int stops = 0;
        do {
            page.press(Keys.TAB);
            assertThat(page.<String>run("return getComputedStyle(document.activeElement).outlineStyle"))
                    .as(focused())
                    .isEqualTo("solid");
            stops++;
        } while (!focused().startsWith("Show all"));
        assertThat(stops).isGreaterThan(15);
    }

    private String focused() {
        return page.run("return document.activeElement.textContent.trim()");
    }

    @Test
    void on360PixelsNothingIsBesideTheScreen() throws InterruptedException {
        page.size(360, 740);
        post("x".repeat(500), "y".repeat(3000));
        post("שלום".repeat(100), "word ".repeat(100));
        open();
        expectNothingBeside();
        page.run("document.querySelectorAll('details').forEach(d => d.open = true)");
        page.click("#post-form button");
        page.await("what is wrong is told", () -> page.isShown("#post-title-error"));
        page.fill("#filter-author", "9".repeat(60));
        page.click("#filter-form button");
        page.await("what is wrong is told", () -> page.isShown("#filter-author-error"));
        page.click("#pause");
        post("newer");
        page.await("it is counted", () -> page.isShown("#newest"));
        page.run("[...document.querySelectorAll('#posts button')].forEach(b => b.click())");
        page.await(
                "all is there",
                () -> page.<Long>run("return document.querySelectorAll('#posts [aria-expanded=true]').length") == 1);
        expectNothingBeside();
    }

    private void expectNothingBeside() {
        assertThat(page.<Long>run("return document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(360);
        assertThat(page.<List<String>>run("""
                return [...document.querySelectorAll('body *:not(.skip)')]
                    .filter(e => e.checkVisibility() && e.getBoundingClientRect().right > 360)
                    .map(e => e.outerHTML.slice(0, 100))""")).isEmpty();
    }
}
