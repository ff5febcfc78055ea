package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A large table, and more new posts than anybody can read. */
class PageLoadIntegrationTests extends PageFixture {

    private static final Logger log = LoggerFactory.getLogger(PageLoadIntegrationTests.class);

    private static final int MOST = 1000;

    /** Milliseconds in which a page that shares slow cores with its service and its tests must answer to a key. */
    private static final double LONGEST_TASK = 500;

    @Test
    void withFiftyThousandPostsItStaysSmallAndSmooth() throws InterruptedException {
        insert(50_000, "old ");
        long highest = sql.number("select max(id) from posts");
        open();
        forgetTasks();

        for (int i = 0; i < 30; i++) {
            page.loadOlder();
            page.run("scrollTo(0, document.body.scrollHeight)");
            assertThat(page.<Long>run("return document.getElementById('posts').childElementCount"))
                    .isLessThanOrEqualTo(MOST);
        }
        assertSmooth("30 pages of older posts");
        // All that were shown are 1,550: the newest of them have made room, nothing is missing between.
        assertThat(page.ids()).isEqualTo(down(highest - 550, MOST));

        forgetTasks();
        insert(5000, "flood ");
        awaitReceived(5000);
        assertSmooth("5,000 new ones while older ones are read");
        assertThat(page.ids()).isEqualTo(down(highest - 550, MOST));
        assertThat(page.find("#newest").getText()).startsWith("5550 newer");

        page.click("#newest");
        page.await("the newest are there", () -> page.titles().get(0).equals("flood 5000"));
        page.awaitState("live");
        forgetTasks();
        insert(5000, "more ");
        awaitReceived(10_000);
        assertSmooth("5,000 new ones");
        // The highest are the first to be shown: the lowest of the thousand may yet come.
        page.await("the newest are there", () -> page.ids().equals(down(highest + 10_000, MOST)));

        page.loadOlder();
        assertThat(page.ids()).isEqualTo(down(highest + 10_000 - 50, MOST));
        assertThat(page.<Long>run("return document.querySelectorAll('*').length"))
                .isLessThan(MOST * 12);
    }

    @Test
    void whatIsBeingReadIsNotPushedOutByABurst() throws InterruptedException {
        insert(940, "old ");
        open();
        page.loadAllOlder();
        List<Long> read = page.ids();
        assertThat(read).hasSize(940);
        page.run("scrollTo(0, document.body.scrollHeight)");
        insert(500, "burst ");
        awaitReceived(500);
        page.await("they are counted", () -> page.isShown("#newest"));
        assertThat(page.ids()).endsWith(read.toArray(Long[]::new)).hasSizeLessThanOrEqualTo(MOST);
        long shown = page.ids().size() - 940;
        page.await(
                "the others are counted", () -> page.find("#newest").getText().startsWith((500 - shown) + " newer"));
    }

    /** As in a tab that nobody looks at. */
    @Test
    void withoutFramesItKeepsNoMoreThanItShowsAndHasNoGap() throws InterruptedException {
        insert(100, "old ");
        open();
        long highest = page.ids().get(0);
        page.run("window.waitingFrames = []; window.requestAnimationFrame = frame => waitingFrames.push(frame)");
        insert(5000, "flood ");
        page.await(
                "the last has come",
                () -> page.<String>run("return document.getElementById('chart-title').textContent")
                        .startsWith("5000 posts"));
        page.run("window.requestAnimationFrame = frame => setTimeout(frame, 16);"
                + " waitingFrames.forEach(frame => frame())");
        page.await("the newest are there", () -> page.ids().equals(down(highest + 5000, MOST)));
        page.loadOlder();
        assertThat(page.ids()).isEqualTo(down(highest + 5000 - 50, MOST));
    }

    private static List<Long> down(long from, int count) {
        return LongStream.range(0, count).mapToObj(i -> from - i).toList();
    }

    private void awaitReceived(int posts) throws InterruptedException {
        page.await(posts + " have come", () -> page.find("#received").getText().equals("" + posts));
    }

    /** Those of this test's own scripts, which look at each post. */
    private void forgetTasks() {
        page.run("longTasks.length = 0");
    }

    private void assertSmooth(String during) {
        List<Number> tasks = page.run("return longTasks.splice(0)");
        double longest = tasks.stream().mapToDouble(Number::doubleValue).max().orElse(0);
        log.info("{}: {} tasks over 50 ms, the longest {} ms", during, tasks.size(), longest);
        assertThat(longest).as(during).isLessThan(LONGEST_TASK);
    }
}
