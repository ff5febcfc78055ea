package dev.postfeed.page;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who wrote a post: by id at once, and by name as soon as that is known. */
class PageAuthorIntegrationTests extends PageFixture {

    @Test
    void areNamedWhetherTheirPostsAreListedOrLive() throws InterruptedException {
        long ada = named("Ada");
        long bob = named("Bob");
        write("listed of Ada", ada);
        write("listed of Bob", bob);
        post("of nobody");
        open();
        awaitAuthors("nobody", "Bob (user %d)".formatted(bob), "Ada (user %d)".formatted(ada));
        assertThat(lookups()).as("asked for together").hasSize(1);

        write("live of Ada", ada);
        page.awaitTitle("live of Ada");
        assertThat(authors().get(0)).as("known already").isEqualTo("Ada (user %d)".formatted(ada));
        long eve = named("Eve");
        write("live of Eve", eve);
        page.await("another is named", () -> authors().get(0).equals("Eve (user %d)".formatted(eve)));
        assertThat(lookups()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<img src=x onerror=alert(1)>", "</a><script>alert(1)</script>", "שלום", "\u202Eevil"})
    void aNameIsText(String name) throws InterruptedException {
        long user = named(name);
        write("a", user);
        open();
        awaitAuthors("%s (user %d)".formatted(name, user));
        assertThat(page.<Long>run("return document.querySelectorAll('#posts :is(img, script)').length"))
                .isZero();
        page.click("#posts a[data-author] bdi");
        page.await("it is a link still", () -> page.driver.getCurrentUrl().endsWith("/?author=" + user));
    }

    @Test
    void whoIsNotInSightIsNotAskedFor() throws InterruptedException {
        sql.run(
                "insert into users (name, email) select 'name ' || i, i || '@example.com' from generate_series(1, 50) i");
        sql.run("insert into posts (title, user_id) select 'post', id from users order by id");
        awaitReader();
        open();
        page.await("the first is named", () -> authors().get(0).startsWith("name 50 (user "));
        assertThat(authors().get(49)).startsWith("user ");
        page.run("scrollTo(0, document.body.scrollHeight)");
        page.await("the last is named", () -> authors().get(49).startsWith("name 1 (user "));
    }

    @Test
    void aPostDoesNotWaitForThemAndOneThatIsGoneStaysAnId() throws InterruptedException {
        long ada = named("Ada");
        open();
        page.run("""
                window.realFetch = fetch;
                window.answered = new Promise(resolve => window.answer = resolve);
                window.fetch = async (address, options) => {
                    if (String(address).startsWith('/users?')) {
                        window.asked = true;
                        await answered;
                    }
                    return realFetch(address, options);
                };""");
        write("of Ada", ada);
        page.awaitTitle("of Ada");
        page.await("it is asked for", () -> page.run("return !!window.asked"));
        write("more of Ada", ada);
        page.awaitTitle("more of Ada");
        assertThat(authors()).containsOnly("user " + ada);

        sql.run("delete from users where id = ?", ada);
        page.run("answer()");
        long bob = named("Bob");
        write("of Bob", bob);
        awaitAuthors("Bob (user %d)".formatted(bob), "user " + ada, "user " + ada);
    }

    @Test
    void areAskedForAgainAfterAFailure() throws InterruptedException {
        long ada = named("Ada");
        open();
        page.run("""
                window.realTimeout = setTimeout;
                window.setTimeout = (task, delay) => realTimeout(task, delay === 10_000 ? 100 : delay);
                window.realFetch = fetch;
                window.failures = 0;
                window.fetch = (address, options) => String(address).startsWith('/users?') && failures++ < 2
                    ? Promise.reject(new TypeError('no network'))
                    : realFetch(address, options);""");
        write("of Ada", ada);
        awaitAuthors("Ada (user %d)".formatted(ada));
        assertThat(page.<Long>run("return failures")).isEqualTo(3);
    }

    private long named(String name) {
        return api.post("/users", json("name", name, "email", newEmail()))
                .expect(201)
                .id();
    }

    private void write(String title, long user) {
        api.post("/posts", json("title", title, "user_id", user)).expect(201);
    }

    private List<String> authors() {
        return page.run("return [...document.querySelectorAll('#posts [data-author]')].map(e => e.textContent)");
    }

    private void awaitAuthors(String... expected) throws InterruptedException {
        page.await("the authors are " + List.of(expected), () -> authors().equals(List.of(expected)));
    }

    private List<String> lookups() {
        return page.run("""
                return performance.getEntriesByType('resource')
                    .map(e => new URL(e.name))
                    .filter(url => url.pathname === '/users')
                    .map(url => url.search)""");
    }
}
