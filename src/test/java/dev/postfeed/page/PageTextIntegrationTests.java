package dev.postfeed.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.NoAlertPresentException;

/** Whatever somebody writes is text on the page, from the list as from the feed. */
class PageTextIntegrationTests extends PageFixture {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<img src=x onerror=alert(1)>",
                "<script>alert(1)</script>",
                "</h3></li></ol><svg onload=alert(1)>",
                "<a href=\"javascript:alert(1)\">x</a> &amp; &lt;",
                "\"><style>*{display:none}</style>",
                "{{7*7}} ${7*7} <!-- -->",
                "\u202Eevil\u202C \u200Bzero",
                "😀𝒳🇩🇪👩‍👩‍👧",
                "שלום עולם",
                "a\tb  c\\n"
            })
    void textIsText(String text) throws InterruptedException {
        post("listed " + text, text);
        open();
        post("live " + text, text);
        page.awaitTitle("live " + text);
        assertThat(page.titles()).containsExactly("live " + text, "listed " + text);
        assertThat(contents()).containsExactly(text, text);
        assertThat(page.<Long>run("return document.querySelectorAll('#posts :is(img, script, style, svg)').length"))
                .isZero();
        assertThat(page.<List<String>>run(
                        "return [...document.querySelectorAll('#posts a')].map(a => a.getAttribute('href')[0])"))
                .containsOnly("/");
        assertThatThrownBy(() -> page.driver.switchTo().alert()).isInstanceOf(NoAlertPresentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"مرحبا بالعالم", "שלום, world"})
    void textGoesItsOwnWay(String text) throws InterruptedException {
        post("left to right", "left to right");
        post(text, text);
        open();
        assertThat(
                        page.<List<String>>run(
                                "return [...document.querySelectorAll('#posts :is(h3, .content)')].map(e => getComputedStyle(e).direction)"))
                .containsExactly("rtl", "rtl", "ltr", "ltr");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0123456789", "😀", "line\n", "x😀"})
    void aMegabyteIsCutUntilAllOfItIsAskedFor(String part) throws InterruptedException {
        String text = part.repeat(1_000_000 / (part.getBytes(UTF_8).length + 1));
        post("listed", text);
        open();
        post("live", text);
        page.awaitTitle("live");
        for (String shown : contents()) {
            assertThat(text).startsWith(shown);
            assertThat(shown).isNotEmpty().hasSizeLessThanOrEqualTo(2000);
            assertThat(Character.isHighSurrogate(shown.charAt(shown.length() - 1)))
                    .isFalse();
        }
        page.click("#posts > li button");
        page.await("all of it is there", () -> contents().get(0).length() == text.length());
        assertThat(contents().get(0)).isEqualTo(text);
        assertThat(page.find("#posts > li button").getText()).isEqualTo("Show less");
        page.click("#posts > li button");
        assertThat(contents().get(0)).isEqualTo(contents().get(1));
    }

    @Test
    void aPostThatIsGoneSaysSo() throws InterruptedException {
        long id = post("long", "x".repeat(5000));
        open();
        sql.run("delete from posts where id = ?", id);
        page.click("#posts > li button");
        page.await("it is told", () -> page.find("#posts > li button").getText().contains("there is no /posts/" + id));
    }

    @Test
    void idsBeyondTheNumbersOfJavaScriptAreKept() throws InterruptedException {
        for (String id : List.of("9007199254740993", "9007199254740992", "9223372036854775807")) {
            sql.run("insert into posts (id, title) values (" + id + ", 'post " + id + "')");
        }
        open();
        assertThat(page.titles())
                .containsExactly("post 9223372036854775807", "post 9007199254740993", "post 9007199254740992");
        assertThat(page.find("#posts a").getAttribute("href")).endsWith("/posts/9223372036854775807");
    }

    private List<String> contents() {
        return page.run("return [...document.querySelectorAll('#posts .content')].map(e => e.textContent)");
    }
}
