package dev.postfeed.page;

import static dev.postfeed.Api.json;
import static dev.postfeed.Api.newEmail;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** Writing: what the service says is shown where it belongs. */
class PageFormIntegrationTests extends PageFixture {

    @BeforeEach
    void openForms() throws InterruptedException {
        open();
        page.click("details:has(#user-form) summary");
    }

    @Test
    void aUserAndTheirPostAreWritten() throws InterruptedException {
        page.fill("#user-name", "Ada");
        page.fill("#user-email", newEmail());
        page.click("#user-form button");
        page.await("the user is stored", () -> outcome("#user-form").startsWith("Stored as user "));
        String user = sql.text("select id from users");
        assertThat(page.find("#post-author").getAttribute("value")).isEqualTo(user);

        page.fill("#post-title", "Hello");
        page.fill("#post-content", "two\nlines");
        page.click("#post-form button");
        page.awaitTitle("Hello");
        assertThat(outcome("#post-form")).isEqualTo("Stored as #" + page.ids().get(0) + ".");
        assertThat(sql.text("select title || '|' || content || '|' || user_id from posts"))
                .isEqualTo("Hello|two\nlines|" + user);
        assertThat(page.find("#post-title").getAttribute("value")).isEmpty();
        assertThat(page.find("#posts .meta").getText()).contains("user " + user);
    }

    @Test
    void anAuthorBeyondTheNumbersOfJavaScriptIsKept() throws InterruptedException {
        for (String id : List.of("9007199254740992", "9007199254740993")) {
            sql.run("insert into users (id, name, email) values (" + id + ", 'Ada', '" + newEmail() + "')");
        }
        page.fill("#post-title", "of a great id");
        page.fill("#post-author", "09007199254740993");
        page.click("#post-form button");
        page.awaitTitle("of a great id");
        assertThat(sql.text("select user_id from posts")).isEqualTo("9007199254740993");
        page.fill("#post-title", "of nobody");
        expectWrong("#post-form", "#post-author", "9223372036854775808", "must be an integer");
    }

    @Test
    void whatIsLeftBlankIsNull() throws InterruptedException {
        page.fill("#post-title", "bare");
        page.click("#post-form button");
        page.awaitTitle("bare");
        assertThat(sql.number("select count(*) from posts where content is null and user_id is null"))
                .isOne();
    }

    @Test
    void whatIsWrongIsToldAtTheField() throws InterruptedException {
        expectWrong("#post-form", "#post-title", " ", "must not be blank");
        expectWrong("#post-form", "#post-title", "x".repeat(501), "must have at most 500 characters");
        page.fill("#post-title", "fine");
        expectWrong("#post-form", "#post-author", "abc", "must be an integer");
        expectWrong("#post-form", "#post-author", "999999999", "is the id of no user");
        assertThat(page.find("#post-title").getAttribute("value")).isEqualTo("fine");
        assertThat(page.find("#post-title").getAttribute("aria-invalid")).isNull();
        assertThat(page.find("#post-title-error").getText()).isEmpty();

        expectWrong("#user-form", "#user-name", "", "must not be blank");
        page.fill("#user-name", "Ada");
        expectWrong("#user-form", "#user-email", "ada@", "must be an email address");
        String taken = newEmail();
        api.post("/users", json("name", "Bob", "email", taken)).expect(201);
        expectWrong("#user-form", "#user-email", taken, "is taken by another user");
        assertThat(sql.rows()).isOne();
    }

    private void expectWrong(String form, String field, String value, String detail) throws InterruptedException {
        page.fill(field, value);
        page.click(form + " button");
        WebElement error = page.driver.findElement(By.id(page.find(field).getAttribute("aria-describedby")));
        page.await(field + " " + detail, () -> error.getText().startsWith(detail));
        assertThat(page.find(field).getAttribute("aria-invalid")).isEqualTo("true");
        assertThat(page.driver.switchTo().activeElement()).isEqualTo(page.find(field));
        assertThat(outcome(form)).isEmpty();
    }

    @Test
    void aTryWithoutAnAnswerCanBeRepeatedAndIsStoredOnce() throws InterruptedException, SQLException {
        page.fill("#post-title", "once");
        try (Connection other = TestPostgres.connect(database);
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("lock table posts in share mode");
            page.click("#post-form button");
            page.await(
                    "it waits",
                    () -> sql.number("select count(*) from pg_locks l join pg_class c on c.oid ="
                                    + " l.relation where relname = 'posts' and not granted")
                            > 0);
            network.cut();
            page.await(
                    "it is told",
                    () -> page.find("#post-form [data-problem]").getText().startsWith("The service cannot be reached"));
        }
        network.mend();
        assertThat(page.find("#post-title").getAttribute("value")).isEqualTo("once");
        page.click("#post-form button");
        page.awaitTitle("once");
        assertThat(page.isShown("#post-form [data-problem]")).isFalse();
        assertThat(sql.number("select count(*) from posts")).isOne();
        page.awaitState("live");
        assertThat(page.titles()).containsExactly("once");
    }

    private String outcome(String form) {
        return page.find(form + " [data-outcome]").getText();
    }
}
