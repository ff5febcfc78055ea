package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** The page of a node without a feed. */
@TestPropertySource(properties = "postfeed.feed.enabled=false")
class NoFeedPageIntegrationTests extends PageFixture {

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
