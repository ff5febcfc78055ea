package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests for lists that fail, or have no answer yet: what is told, and that it is over afterwards. */
class PageFaultIntegrationTests extends PageFixture {

    private static final String NOTHING_CAME =
            "The service cannot be reached: Nothing came back within 35 seconds. Try again.";

    /** A hundredth of the 35 seconds is enough to see that they pass. */
    private static final String BE_IMPATIENT = """
            window.realLimit ??= AbortSignal.timeout.bind(AbortSignal);
            AbortSignal.timeout = time => realLimit(time === 35_000 ? 350 : time);""";

    private static final String BE_PATIENT = "AbortSignal.timeout = realLimit";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'<h1>Log in</h1>', {headers: {'Content-Type': 'text/html'}}",
                "'[{', {headers: {'Content-Type': 'application/json'}}",
                "'{}', {headers: {'Content-Type': 'application/json'}}"
            })
    void anAnswerThatIsNoListIsTold(String answer) throws InterruptedException {
        insert(60, "post ");
        open();
        page.answerLists("Promise.resolve(new Response(" + answer + "))");
        page.click("#filter-clear");
        page.await(
                "it is told",
                () -> page.find("#filter-form [data-problem]")
                        .getText()
                        .equals("The service cannot be reached: Something else answered."));
        assertThat(page.<String>run("return document.getElementById('posts').ariaBusy"))
                .isEqualTo("false");
        assertThat(page.state()).isEqualTo("live");
        page.click("#older");
        page.await(
                "it is told there as well",
                () -> page.find("#older-problem")
                        .getText()
                        .equals("The service cannot be reached: Something else answered."));
        assertThat(page.ids()).hasSize(50);

        page.answerLists();
        page.loadOlder();
        assertThat(page.ids()).hasSize(60);
        page.click("#filter-clear");
        page.awaitSize(50);
        assertThat(page.isShown("#filter-form [data-problem]")).isFalse();
    }

    /** As on a connection that died: the browser is told nothing. */
    @Test
    void aFirstPageThatDoesNotComeIsGivenUpAndAskedForAgain() throws InterruptedException {
        post("listed");
        page.driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", BE_IMPATIENT));
        network.lose(request -> request.startsWith("GET /posts?"));
        page.driver.get(network.url());
        page.await("it is told", () -> page.isShown("#again"));
        assertThat(page.find("#blank-title").getText() + ": "
                        + page.find("#blank-text").getText())
                .isEqualTo(NOTHING_CAME);
        assertThat(page.state()).isEqualTo("failed");
        assertThat(page.isShown("#loading")).isFalse();

        network.lose(request -> false);
        page.run(BE_PATIENT);
        page.click("#again");
        page.awaitState("live");
        assertThat(page.titles()).containsExactly("listed");
        assertThat(page.isShown("#again")).isFalse();
    }

    @Test
    void olderPostsThatDoNotComeAreGivenUpAndAskedForAgain() throws InterruptedException {
        insert(60, "post ");
        open();
        page.run(BE_IMPATIENT);
        network.lose(request -> request.startsWith("GET /posts?"));
        page.click("#older");
        page.await("it is told", () -> page.find("#older-problem").getText().equals(NOTHING_CAME));
        page.click("#filter-clear");
        page.await(
                "it is told there as well",
                () -> page.find("#filter-form [data-problem]").getText().equals(NOTHING_CAME));
        assertThat(page.ids()).hasSize(50);
        assertThat(page.state()).isEqualTo("live");

        network.lose(request -> false);
        page.run(BE_PATIENT);
        page.loadOlder();
        assertThat(page.ids()).hasSize(60);
        page.click("#filter-clear");
        page.awaitSize(50);
        assertThat(page.isShown("#filter-form [data-problem]")).isFalse();
    }

    /** The connection that was open may be dead, of which neither side is told. */
    @ParameterizedTest
    @ValueSource(strings = {"offline", "online"})
    void whenTheNetworkChangesTheFeedIsOpenedAnew(String change) throws InterruptedException {
        post("listed");
        awaitReader(); // So that the feed does not bring it, too.
        open();
        post("before");
        page.awaitTitle("before");
        page.run("states.length = 0; dispatchEvent(new Event(arguments[0]))", change);
        page.awaitState("live");
        assertThat(page.statesPassed()).startsWith("reconnecting").endsWith("live");
        post("after");
        page.awaitTitle("after");
        assertThat(page.titles()).containsExactly("after", "before", "listed");
        assertThat(page.find("#received").getText()).isEqualTo("2");
    }

    @Test
    void aFilterThatIsBeingReadIsNotDroppedByGoingOn() throws InterruptedException {
        post("java");
        post("other");
        open();
        page.click("#pause");
        page.answerLists("new Promise(() => {})");
        page.fill("#filter-text", "java");
        page.click("#filter-form button");
        page.answerLists();
        page.click("#pause");
        page.await("the list is filtered", () -> page.titles().equals(List.of("java")));
        assertThat(page.driver.getCurrentUrl()).endsWith("/?text=java");
        assertThat(page.find("#pause").getAttribute("aria-pressed")).isEqualTo("false");
    }

    @Test
    void theFocusIsAtThePostsThatAreReadAgain() throws InterruptedException {
        open();
        page.answerLists("Promise.reject(new TypeError('no network'))");
        page.click("#filter-clear");
        page.await("it is told", () -> page.isShown("#again"));
        page.answerLists();
        page.click("#again");
        page.await("it is told no more", () -> !page.isShown("#again"));
        assertThat(page.driver.switchTo().activeElement()).isEqualTo(page.find("#posts-heading"));
    }

    @Test
    void aResetWhoseListDoesNotComeIsNoResetForEver() throws InterruptedException {
        post("old");
        post("older");
        open();
        page.answerLists("new Promise((_, fail) => setTimeout(() => fail(new TypeError('no network')), 200))");
        sql.run("truncate posts restart identity");
        post("new");
        page.await("it is reset", () -> page.statesPassed().contains("reset"));
        page.awaitState("live");
        // It has not been read anew yet.
        assertThat(page.isShown("#reset")).isFalse();

        page.answerLists();
        page.click("#filter-clear");
        page.await("the reset is told", () -> page.isShown("#reset"));
        page.await("only the new one is there", () -> page.titles().equals(List.of("new")));
        page.awaitState("live");
    }
}
