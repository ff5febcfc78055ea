package dev.postfeed.page;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Every state of the page: that it is told, and that it breaks no rule of accessibility. */
class PageStatesIntegrationTests extends PageFixture {

    @Test
    void eachIsAccessible() throws Exception {
        Axe axe = new Axe(page);

        try (LockedPosts locked = new LockedPosts()) {
            page.driver.get(network.url());
            page.await("it is loading", () -> page.isShown("#loading"));
            axe.check("loading");
            network.cut();
            page.await("the failure is told", () -> page.isShown("#again"));
        }
        assertThat(page.find("#blank").getText()).startsWith("The service cannot be reached");
        assertThat(page.state()).isEqualTo("failed");
        axe.check("failed");

        network.mend();
        page.click("#again");
        page.awaitState("live");
        assertThat(page.find("#blank").getText()).startsWith("No posts yet");
        axe.check("empty");

        insert(60, "post ");
        post("long", "x".repeat(3000));
        post("<img src=x onerror=alert(1)>", "שלום");
        api.post("/posts", json("title", "with an author", "user_id", user())).expect(201);
        page.awaitTitle("with an author");
        axe.check("live");
        assertThat(page.find("#state").getAttribute("role")).isEqualTo("status");
        assertThat(page.<Long>run("return document.querySelectorAll('#posts [aria-live], [aria-live] #posts').length"))
                .isZero();

        page.run("document.querySelectorAll('details').forEach(d => d.open = true)");
        page.click("#post-form button");
        page.click("#user-form button");
        page.await("what is wrong is told", () -> page.isShown("#user-email-error"));
        axe.check("errors at fields");

        page.run("document.querySelector('#posts button').click()");
        page.await(
                "all of it is there", () -> page.find("#posts button").getText().equals("Show less"));
        page.run("document.querySelector('#posts .content[tabindex]').scrollIntoView()");
        axe.check("a long text");

        page.run("scrollTo(0, 0)");
        page.click("#pause");
        post("newer");
        page.await("it is counted", () -> page.isShown("#newest"));
        axe.check("paused");
        page.click("#newest");
        page.awaitTitle("newer");
        page.awaitState("live");

        page.loadAllOlder();
        page.run("scrollTo(0, document.body.scrollHeight)");
        axe.check("the end");
        page.run("scrollTo(0, 0)");

        page.fill("#filter-text", "no such post");
        page.click("#filter-form button");
        page.await("it is told", () -> page.find("#blank").getText().startsWith("No post fits the filter"));
        axe.check("nothing fits");
        page.fill("#filter-author", "Ada");
        page.click("#filter-form button");
        page.await("what is wrong is told", () -> page.isShown("#filter-author-error"));
        axe.check("a wrong filter");
        page.click("#filter-clear");
        page.awaitTitle("newer");
        page.awaitState("live");

        network.cut();
        page.awaitState("reconnecting");
        axe.check("reconnecting");
        post("missed");
        awaitReader();
        try (LockedPosts locked = new LockedPosts()) {
            network.mend();
            page.awaitState("catching-up");
            axe.check("catching up");
        }
        page.awaitTitle("missed");
        page.awaitState("live");

        sql.run("truncate posts restart identity");
        post("another past");
        page.await("the reset is told", () -> page.isShown("#reset"));
        page.awaitTitle("another past");
        axe.check("reset");
        axe.report();
    }

    /** Nobody can read them meanwhile. */
    private final class LockedPosts implements AutoCloseable {

        private final Connection connection = TestPostgres.connect(database);

        LockedPosts() throws SQLException {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("lock table posts in access exclusive mode");
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
