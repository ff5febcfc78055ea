package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests for lists that fail, or have no answer yet: what is told, and that it is over afterwards. */
class PageFaultIntegrationTests extends PageFixture {

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
