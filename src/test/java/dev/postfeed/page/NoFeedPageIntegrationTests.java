package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** The page of a node without a feed. */
@TestPropertySource(properties = "postfeed.feed.enabled=false")
class NoFeedPageIntegrationTests extends PageFixture {

    /** It may be another node's turn by then, behind the same address. */
    @Test
    void itIsAskedAgain() throws InterruptedException {
        page.driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", """
                        window.realTimeout = setTimeout;
                        window.setTimeout = (task, delay) => realTimeout(task, delay >= 15_000 ? 100 : delay);
                        window.asked = 0;
                        window.RealSource = EventSource;
                        window.EventSource = class extends RealSource {
                            constructor(address) { super(address); asked++; }
                        };"""));
        page.driver.get(network.url());
        page.await("it is asked", () -> page.<Long>run("return asked") >= 3);
        page.awaitState("off");
        assertThat(page.statesPassed()).endsWith("off").containsOnlyOnce("off").doesNotContain("live");
    }

    @Test
    void saysSoAndShowsTheList() throws InterruptedException {
        post("a");
        page.driver.get(network.url());
        page.awaitState("off");
        assertThat(page.find("#state").getText()).isEqualTo("No live feed");
        assertThat(page.titles()).containsExactly("a");
        Axe axe = new Axe(page);
        axe.check("off");
        axe.report();
    }
}
