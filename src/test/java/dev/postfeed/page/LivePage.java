package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.web.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;

/** The page in a tab of its own, as somebody sees and uses it. */
final class LivePage {

    /** Notes the states the page goes through, tasks that made it wait, and errors that nobody caught. */
    private static final String OBSERVER = """
            window.states = []; window.longTasks = []; window.errors = [];
            addEventListener('error', e => errors.push(String(e.message)));
            addEventListener('unhandledrejection', e => errors.push(String(e.reason)));
            addEventListener('securitypolicyviolation', e => errors.push(e.violatedDirective + ' ' + e.blockedURI));
            new PerformanceObserver(list => list.getEntries().forEach(e => longTasks.push(e.duration)))
                .observe({type: 'longtask'});
            new MutationObserver(() => {
                const state = document.getElementById('state')?.dataset.state;
                if (state && state !== states.at(-1)) states.push(state);
            }).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-state']});
            """;

    private static final Duration LONGEST = Duration.ofSeconds(20);

    final ChromeDriver driver;

    LivePage(ChromeDriver driver) {
        this.driver = driver;
        String before = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.TAB);
        String tab = driver.getWindowHandle();
        driver.switchTo().window(before).close();
        driver.switchTo().window(tab);
        driver.executeCdpCommand("Page.enable", Map.of());
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", OBSERVER));
        driver.executeCdpCommand("Emulation.setLocaleOverride", Map.of("locale", "en-GB"));
        driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "UTC"));
        size(1280, 900);
        scheme("light");
    }

    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** @param scheme light or dark, as the system is set */
    void scheme(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                // What fades in has no contrast yet.
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Opens it, and waits until it is live. */
    LivePage open(String url) throws InterruptedException {
        driver.get(url);
        return awaitState("live");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // What a script returns is for its caller to know.
    <T> T run(String script, Object... arguments) {
        return (T) driver.executeScript(script, arguments);
    }

    WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    String state() {
        return run("return document.getElementById('state').dataset.state");
    }

    LivePage awaitState(String state) throws InterruptedException {
        return awaitState(state, LONGEST);
    }

    LivePage awaitState(String state, Duration longest) throws InterruptedException {
        await("the state is " + state, longest, () -> state.equals(state()));
        return this;
    }

    List<String> statesPassed() {
        return run("return states");
    }

    List<String> titles() {
        return run("return [...document.querySelectorAll('#posts h3')].map(e => e.textContent)");
    }

    /** Of the posts, from the top. */
    List<Long> ids() {
        return run("return [...document.querySelectorAll('#posts > li')].map(e => Number(e.dataset.id))");
    }

    void awaitTitle(String title) throws InterruptedException {
        await("there is " + title, () -> titles().contains(title));
    }

    void awaitSize(int posts) throws InterruptedException {
        await("there are " + posts + " posts", () -> ids().size() == posts);
    }

    boolean isShown(String css) {
        return find(css).isDisplayed();
    }

    void click(String css) {
        find(css).click();
    }

    /** Replaces what is in a field. */
    void fill(String css, String text) {
        WebElement field = find(css);
        field.clear();
        field.sendKeys(text);
    }

    /** Presses a key wherever the focus is. */
    void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Goes on by tab until an element has the focus. */
    void tabTo(String css) {
        for (int i = 0; i < 100; i++) {
            press(Keys.TAB);
            if (this.<Boolean>run("return document.activeElement.matches(arguments[0])", css)) {
                return;
            }
        }
        throw new AssertionError("no tab leads to " + css);
    }

    /** Pages of older posts until there are no more. */
    void loadAllOlder() throws InterruptedException {
        for (int i = 0; i < 100 && !isShown("#end"); i++) {
            loadOlder();
        }
        assertThat(isShown("#end")).isTrue();
    }

    void loadOlder() throws InterruptedException {
        run("document.getElementById('older').click()");
        await("older posts have come", () -> !"true".equals(run("return document.getElementById('older').ariaBusy")));
        assertThat(find("#older-problem").getText()).isEmpty();
    }

    /** Has a script answer the requests for lists, in place of the network: an expression, a promise of a response. */
    void answerLists(String expression) {
        run("window.realFetch ??= window.fetch;"
                + "window.fetch = (address, options) =>"
                + " String(address).startsWith('/posts?') ? " + expression + " : realFetch(address, options)");
    }

    /** The service again. */
    void answerLists() {
        answerLists("realFetch(address, options)");
    }

    void await(String what, BooleanSupplier condition) throws InterruptedException {
        await(what, LONGEST, condition);
    }

    void await(String what, Duration longest, BooleanSupplier condition) throws InterruptedException {
        try {
            Await.until(longest, condition);
        } catch (AssertionError e) {
            String text = find("body").getText();
            throw new AssertionError(
                    what + ", not within " + longest + ", the page says:\n"
                            + text.substring(0, Math.min(2000, text.length())),
                    e);
        }
    }

    /** Asserts that nothing went wrong of which nobody but the console was told. */
    void expectNoErrors() {
        assertThat(this.<List<String>>run("return window.errors ?? []")).isEmpty();
    }
}
