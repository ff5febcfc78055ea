package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.TestPostgres;
import dev.postfeed.web.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the page promises of the feed: every post, once, whatever the network does. */
class LivePageIntegrationTests extends PageFixture {

    @Test
    void aNewPostAppearsByItselfWhoeverWritesIt() throws InterruptedException {
        open();
        post("by the API");
        page.awaitTitle("by the API");
        sql.run("insert into posts (title) values ('by another program')");
        page.awaitTitle("by another program");
        assertThat(page.titles()).containsExactly("by another program", "by the API");
        assertThat(page.find("#received").getText()).isEqualTo("2");
        assertThat(page.find("#position").getText()).isEqualTo("" + page.ids().get(0));
        page.await(
                "the chart tells",
                () -> page.find("#chart title").getAttribute("textContent").startsWith("2 posts in the last minute"));
    }

    @Test
    void fiveHundredPostsWhileTheNetworkIsDroppedTwiceAreThereOnceEach() throws Exception {
        open();
        List<String> titles = IntStream.range(0, 500).mapToObj(i -> "post " + i).toList();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> writeWithin(Duration.ofSeconds(10), titles));
        for (int drop = 1; drop <= 2; drop++) {
            Thread.sleep(2000);
            network.cut();
            page.awaitState("reconnecting");
            Thread.sleep(1000);
            network.mend();
            page.awaitState("live");
        }
        writer.get();
        Await.until(Duration.ofSeconds(20), () -> page.ids().size() >= 500);
        List<String> expected = new ArrayList<>(titles);
        Collections.reverse(expected);
        assertThat(page.titles()).containsExactlyElementsOf(expected);
        assertThat(page.find("#received").getText()).isEqualTo("500");
        assertThat(Collections.frequency(page.statesPassed(), "reconnecting")).isEqualTo(2);
    }

    private void writeWithin(Duration time, List<String> titles) {
        long start = System.nanoTime();
        for (int i = 0; i < titles.size(); i++) {
            long due = start + time.toNanos() * i / titles.size();
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            post(titles.get(i));
        }
    }

    @Test
    void aReloadGoesOnWhereItWas() throws InterruptedException {
        post("before");
        open();
        page.driver.get("about:blank");
        insert(300, "while away ");
        open();
        // More than a page of the list: they can have come by the feed only, from the position of the tab before.
        page.awaitSize(300);
        assertThat(page.titles()).doesNotHaveDuplicates().contains("while away 1", "while away 300");
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> IntStream.range(0, 100).forEach(i -> post("while reloading " + i)));
        for (int i = 0; i < 5; i++) {
            page.driver.navigate().refresh();
            page.awaitState("live");
        }
        writer.join();
        page.awaitTitle("while reloading 99");
        page.loadAllOlder();
        assertThat(page.ids()).isEqualTo(idsInTheTable());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void backFromAnotherPageNothingIsMissing(boolean kept) throws InterruptedException {
        post("listed");
        open();
        post("live");
        page.awaitTitle("live");
        if (!kept) {
            // A page that listens to this is loaded again, and its requests answered from the cache where they may be.
            page.run("addEventListener('unload', () => {})");
        }
        page.driver.get(network.url() + "/posts/1");
        post("while away");
        page.driver.navigate().back();
        page.awaitTitle("while away");
        page.awaitState("live");
        assertThat(page.ids()).isEqualTo(idsInTheTable());
    }

    @Test
    void aTabThatNobodyLooksAtGivesItsConnectionBackAndLosesNothing() throws InterruptedException {
        post("listed");
        awaitReader(); // So that the feed does not bring it, too.
        open();
        page.await("it is the only one that subscribes", () -> subscribers() == 1);
        page.run("window.realTimeout = setTimeout;"
                + "window.setTimeout = (task, delay) => realTimeout(task, delay === 60_000 ? 100 : delay)");
        beHidden(true);
        page.awaitState("resting");
        page.await("the connection is given back", () -> subscribers() == 0);
        insert(60, "while hidden ");
        beHidden(false);
        page.awaitState("live");
        page.awaitTitle("while hidden 60");
        assertThat(page.ids()).isEqualTo(idsInTheTable());
        assertThat(page.find("#received").getText()).isEqualTo("60");
    }

    /** As it is when another tab is before it. */
    private void beHidden(boolean hidden) {
        page.run(
                "Object.defineProperty(document, 'hidden', {configurable: true, value: arguments[0]});"
                        + "document.dispatchEvent(new Event('visibilitychange'))",
                hidden);
    }

    /** Of this node, in which only this tab subscribes. */
    private long subscribers() {
        return api.get("/actuator/prometheus")
                .expect(200)
                .body()
                .lines()
                .filter(line -> line.matches("postfeed_feed_subscribers(\\{.*})? .*"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void aLongAbsenceBeginsWithTheNewest() throws InterruptedException {
        post("before");
        open();
        page.driver.get("about:blank");
        insert(2000, "while away ");
        open();
        assertThat(page.titles()).hasSize(50).startsWith("while away 2000");
    }

    @Test
    void olderPostsWhileNewOnesComeHaveNoGapAndNoRepeat() throws Exception {
        insert(430, "old ");
        open();
        assertThat(page.ids()).hasSize(50);
        CompletableFuture<Void> writer =
                CompletableFuture.runAsync(() -> IntStream.range(0, 300).forEach(i -> post("new " + i)));
        page.loadAllOlder();
        writer.get();
        page.awaitTitle("new 299");
        page.awaitSize(730);
        assertThat(page.ids()).isEqualTo(idsInTheTable());
    }

    @Test
    void aPostThatWasWrittenEarlyAndCommittedLateHasItsPlace() throws Exception {
        open();
        try (var late = TestPostgres.connect(database);
                var statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("insert into posts (title) values ('late')");
            post("early");
            page.awaitTitle("early");
            assertThat(page.find("#position").getText()).contains("-");
            late.commit();
        }
        page.awaitTitle("late");
        assertThat(page.titles()).containsExactly("early", "late");
    }

    @Test
    void pausedNothingMovesAndNothingIsLost() throws InterruptedException {
        post("first");
        open();
        page.click("#pause");
        insert(120, "meanwhile ");
        page.await(
                "the newer ones are counted",
                () -> page.find("#newest").getText().startsWith("120 newer"));
        assertThat(page.titles()).containsExactly("first");
        page.click("#newest");
        page.awaitSize(50);
        page.awaitState("live");
        post("last");
        page.awaitTitle("last");
        page.loadAllOlder();
        assertThat(page.ids()).isEqualTo(idsInTheTable());
    }

    @Test
    void anotherPastIsReadAnewAndSaidSo() throws InterruptedException {
        post("old");
        post("older");
        open();
        sql.run("truncate posts restart identity");
        post("new");
        page.await("the reset is told", () -> page.isShown("#reset"));
        page.awaitState("live");
        page.await("only the new one is there", () -> page.titles().equals(List.of("new")));
        assertThat(page.statesPassed()).contains("reset");
        assertThat(page.find("#reset").getText()).contains("the ids of posts have gone back");
        page.click("#reset-seen");
        assertThat(page.isShown("#reset")).isFalse();
    }

    @Test
    void aServiceThatIsNotThereIsAskedAgain() throws InterruptedException {
        post("a");
        open();
        network.cut();
        page.click("#filter-clear");
        page.await("it is told", () -> page.find("#filter-form").getText().contains("The service cannot be reached"));
        assertThat(page.titles()).containsExactly("a");
        network.mend();
        page.click("#filter-clear");
        page.await(
                "it is told no more", () -> !page.find("#filter-form").getText().contains("cannot be reached"));
        page.awaitState("live");
    }

    private List<Long> idsInTheTable() {
        return sql.column("select id from posts order by id desc").stream()
                .map(Long::valueOf)
                .toList();
    }
}
