package dev.postfeed.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.contract.Description;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Swagger UI shows the description, from files that are here, under a policy that it was not made for. */
class DocsPageIntegrationTests extends PageFixture {

    private static final Logger log = LoggerFactory.getLogger(DocsPageIntegrationTests.class);

    private static final String REPLACE_USER = "#operations-users-replaceUser";
    private static final String REQUEST = REPLACE_USER + " .opblock-section-request-body ";
    private static final String GET_USER = "#operations-users-getUser";

    /** Of the browser's log, from when the page was asked for. */
    private final List<String> logged = new ArrayList<>();

    private Description description;

    private void openDocs(String scheme) throws InterruptedException {
        description = Description.of(api.get("/openapi.yaml").expect(200).body());
        logged(); // Of the tests before.
        logged.clear();
        page.scheme(scheme);
        page.driver.get(network.url() + "/docs");
        page.await("operations are listed", () -> !operations().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void showsEveryOperationAndWhatIsInIt(String scheme) throws InterruptedException {
        openDocs(scheme);
        assertThat(operations()).containsExactlyInAnyOrderElementsOf(description.operations());
        assertThat(page.find("main").getSize().getWidth())
                .as("not narrow, as texts are")
                .isGreaterThan(1000);

        openReplaceUser();
        JsonNode body = description.at("/components/requestBodies/UserReplacement/content/application~1json");
        assertThat(JsonMapper.shared()
                        .readTree(page.find(REQUEST + "[data-name=examplePanel] pre")
                                .getText()))
                .isEqualTo(body.at("/examples/one/value"));
        page.click(REQUEST + "[data-name=model]");
        page.await("its schema is shown", () -> page.isShown(REQUEST + "[data-name=modelPanel]"));
        assertThat(page.find(REQUEST + "[data-name=modelPanel]").getText()).contains("name", "email", "254");

        expectQuiet();
        log.info("{}: {} operations, requests: {}", scheme, operations().size(), requests());
    }

    @Test
    void followsTheSystemsColours() throws InterruptedException {
        openDocs("light");
        openReplaceUser();
        List<String> light = colours();
        page.scheme("dark");
        page.await("it is dark", () -> colours().stream().noneMatch(light::contains));
        page.scheme("light");
        page.await("it is light again", () -> colours().equals(light));
        expectQuiet();
    }

    /** Of the page, of a title and of an operation. */
    private List<String> colours() {
        return page.run("""
                const style = css => getComputedStyle(document.querySelector(css));
                return [
                    style('html').colorScheme, style('html').backgroundColor,
                    style('.info .title').color, style('.opblock-put').backgroundColor,
                ];""");
    }

    @ParameterizedTest
    @ValueSource(strings = {"createUsers", "replaceUser", "patchUser", "deleteUser", "headUser", "optionsOfUser"})
    void isReadable(String operation) throws InterruptedException {
        openDocs("light");
        Axe axe = Axe.ofContrast(page);
        String opened = "#operations-users-" + operation;
        page.click(opened + " .opblock-summary-control");
        page.await("it is open", () -> page.isShown(opened + " .opblock-body"));
        page.run("document.querySelectorAll(arguments[0]).forEach(tab => tab.click())", opened + " [data-name=model]");
        axe.check(operation);
        axe.report();
    }

    @Test
    void anAnswerIsReadable() throws InterruptedException {
        openDocs("light");
        Axe axe = Axe.ofContrast(page);
        openGetUser();
        tryOut(user());
        axe.check("an answer");
        axe.report();
    }

    private void openReplaceUser() throws InterruptedException {
        page.click(REPLACE_USER + " .opblock-summary-control");
        page.await("its example is shown", () -> page.isShown(REQUEST + "[data-name=examplePanel] pre"));
    }

    private void openGetUser() throws InterruptedException {
        page.click(GET_USER + " .opblock-summary-control");
        page.await("it is open", () -> page.isShown(GET_USER + " .try-out__btn"));
    }

    private void tryOut(long id) throws InterruptedException {
        page.click(GET_USER + " .try-out__btn");
        page.fill(GET_USER + " tr[data-param-name=id] input", String.valueOf(id));
        page.click(GET_USER + " .execute");
        page.await("it is answered", () -> page.run("return !!document.querySelector('.live-responses-table')"));
    }

    @Test
    void anOperationCanBeTriedOut() throws InterruptedException {
        long id = user();
        openDocs("light");
        openGetUser();
        tryOut(id);
        assertThat(page.find(".live-responses-table tbody .response-col_status").getText())
                .startsWith("200");
        assertThat(page.find(".live-responses-table tbody .response-col_description")
                        .getText())
                .contains("\"name\": \"Ada\"");
        expectQuiet();
        assertThat(requests()).contains("200 " + network.url() + "/users/" + id);
    }

    /** Otherwise the other tests would find nothing whatever the page does. */
    @Test
    void whatIsForbiddenOrFailsIsSeen() throws InterruptedException {
        openDocs("light");
        expectQuiet();
        page.run("""
                document.body.insertAdjacentHTML('beforeend', `
                    <p style="color: red">styled</p>
                    <img src="http://elsewhere.invalid/pixel.png">`);
                fetch('/docs/none')""");
        awaitLogged("inline style violates the following Content Security Policy directive");
        awaitLogged("'http://elsewhere.invalid/pixel.png' violates");
        awaitLogged("/docs/none - Failed to load resource: the server responded with a status of 404");
        page.await(
                "all are requests",
                () -> unwanted()
                        .equals(Set.of("0 http://elsewhere.invalid/pixel.png", "404 " + network.url() + "/docs/none")));
        assertThat(page.<List<String>>run("return errors.splice(0)"))
                .contains("style-src-attr inline", "img-src http://elsewhere.invalid/pixel.png");
    }

    private void awaitLogged(String message) throws InterruptedException {
        page.await("it is logged: " + message, () -> logged().stream().anyMatch(line -> line.contains(message)));
    }

    /** As the description names them: method and path. */
    private List<String> operations() {
        return page.run("""
                const text = (e, css) => e.querySelector(css).textContent;
                return [...document.querySelectorAll('.opblock')].map(e => text(e, '.opblock-summary-method') + ' '
                    + e.querySelector('.opblock-summary-path').dataset.path)""");
    }

    /** Each with its status, which is 0 where there was no answer, or one of another host. */
    private List<String> requests() {
        return page.run("""
                return ['navigation', 'resource']
                    .flatMap(type => performance.getEntriesByType(type))
                    .map(e => e.responseStatus + ' ' + e.name)""");
    }

    /** Of those the ones that failed, or went elsewhere. */
    private Set<String> unwanted() {
        return requests().stream()
                .filter(request -> !request.startsWith("200 " + network.url() + "/"))
                .collect(Collectors.toSet());
    }

    private List<String> logged() {
        for (LogEntry entry : page.driver.manage().logs().get(LogType.BROWSER)) {
            logged.add(entry.getMessage());
        }
        return logged;
    }

    /** The browser logs violations of the policy, failed requests, errors and warnings. */
    private void expectQuiet() {
        assertThat(logged()).isEmpty();
        assertThat(unwanted()).isEmpty();
        assertThat(requests())
                .contains(
                        "200 " + network.url() + "/docs",
                        "200 " + network.url() + "/docs/swagger-ui.css",
                        "200 " + network.url() + "/docs/swagger-ui-bundle.js",
                        "200 " + network.url() + "/openapi.yaml");
    }
}
