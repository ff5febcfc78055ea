package dev.postfeed.page;

import static dev.postfeed.Api.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters: the same for what the list has and for what comes. */
class PageFilterIntegrationTests extends PageFixture {

    @Test
    void byAuthor() throws InterruptedException {
        long ada = user();
        long bob = user();
        write("listed of Ada", ada);
        write("listed of Bob", bob);
        open();
        page.fill("#filter-author", "" + ada);
        page.click("#filter-form button");
        page.await("the list is filtered", () -> page.titles().size() == 1);
        page.awaitState("live");
        write("live of Bob", bob);
        write("live of Ada", ada);
        page.awaitTitle("live of Ada");
        assertThat(page.titles()).containsExactly("live of Ada", "listed of Ada");

        page.driver.navigate().refresh();
        page.awaitState("live");
        assertThat(page.titles()).containsExactly("live of Ada", "listed of Ada");
        assertThat(page.find("#filter-author").getAttribute("value")).isEqualTo("" + ada);

        page.click("#filter-clear");
        page.awaitSize(4);
        assertThat(page.driver.getCurrentUrl()).isEqualTo(network.url() + "/");
    }

    @Test
    void byTheAuthorOfAPost() throws InterruptedException {
        long ada = user();
        write("of Ada", ada);
        post("of nobody");
        open();
        page.click("#posts a[data-author='" + ada + "']");
        page.await("the list is filtered", () -> page.titles().size() == 1);
        assertThat(page.driver.getCurrentUrl()).endsWith("/?author=" + ada);
        assertThat(page.driver.switchTo().activeElement()).isEqualTo(page.find("#posts-heading"));
        page.open(page.driver.getCurrentUrl());
        assertThat(page.titles()).containsExactly("of Ada");
    }

    @Test
    void backAndForwardAreAmongTheFilters() throws InterruptedException {
        post("java");
        post("other");
        open();
        page.fill("#filter-text", "java");
        page.click("#filter-form button");
        page.awaitSize(1);
        page.run("window.isStill = true");
        page.driver.navigate().back();
        page.awaitSize(2);
        assertThat(page.driver.getCurrentUrl()).isEqualTo(network.url() + "/");
        assertThat(page.find("#filter-text").getAttribute("value")).isEmpty();
        page.driver.navigate().forward();
        page.awaitSize(1);
        assertThat(page.driver.getCurrentUrl()).endsWith("/?text=java");
        assertThat(page.find("#filter-text").getAttribute("value")).isEqualTo("java");
        assertThat(page.<Boolean>run("return isStill")).isTrue();
        page.awaitState("live");
        post("more java");
        page.awaitTitle("more java");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"java", "50%_\\ \"quoted\", (x)", "a,b)(c", "or=(id.gt.0)", "C:\\dir\\", "+&=#?", "üß😀", "'--"})
    void byTextWhateverItHas(String text) throws InterruptedException {
        String decoy = text.replaceAll("[%_\\\\]", "x").equals(text) ? "other" : text.replaceAll("[%_\\\\]", "xx");
        for (String when : new String[] {"listed ", "live "}) {
            if (when.equals("live ")) {
                open();
                page.fill("#filter-text", text.equals("üß😀") ? "üß" : text); // The driver types no more than that.
                page.click("#filter-form button");
                page.await("the list is filtered", () -> page.titles().size() == 2);
                page.awaitState("live");
            }
            post(when + "title <" + text + ">");
            post(when + decoy, decoy);
            post(when + "content", "<" + text.toUpperCase(Locale.ROOT).replace("SS", "ß") + ">");
        }
        page.awaitTitle("live content");
        assertThat(page.titles())
                .containsExactly(
                        "live content", "live title <" + text + ">", "listed content", "listed title <" + text + ">");
    }

    @Test
    void nothingFits() throws InterruptedException {
        post("a");
        open();
        page.fill("#filter-text", "no such");
        page.click("#filter-form button");
        page.await("it is told", () -> page.find("#blank").getText().startsWith("No post fits the filter"));
        page.awaitState("live");
        post("no such");
        page.awaitTitle("no such");
        assertThat(page.isShown("#blank")).isFalse();
    }

    @Test
    void anAuthorThatIsNoneIsToldAtTheField() throws InterruptedException {
        post("a");
        open();
        page.fill("#filter-author", "Ada");
        page.click("#filter-form button");
        page.await(
                "it is told", () -> page.find("#filter-author-error").getText().contains("user_id"));
        assertThat(page.driver.switchTo().activeElement()).isEqualTo(page.find("#filter-author"));
        assertThat(page.titles()).containsExactly("a");
        assertThat(page.state()).isEqualTo("live");
    }

    private void write(String title, long user) {
        api.post("/posts", json("title", title, "user_id", user)).expect(201);
    }
}
