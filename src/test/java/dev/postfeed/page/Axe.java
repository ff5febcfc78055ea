package dev.postfeed.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rules of axe-core. */
final class Axe {

    private static final Logger log = LoggerFactory.getLogger(Axe.class);

    private static final String SCRIPT = script();

    private final LivePage page;
    private final List<String> only;
    private final Set<String> states = new LinkedHashSet<>();
    private final Set<String> rules = new LinkedHashSet<>();
    private int checks;

    /** All that it has on by default, best practices included. */
    Axe(LivePage page) {
        this(page, List.of());
    }

    /** Whether texts can be told from what is behind them, and nothing else: for a page whose elements are another's. */
    static Axe ofContrast(LivePage page) {
        return new Axe(page, List.of("color-contrast"));
    }

    private Axe(LivePage page, List<String> only) {
        this.page = page;
        this.only = only;
        page.driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
    }

    private static String script() {
        try (InputStream in = Objects.requireNonNull(Axe.class.getResourceAsStream("/axe.min.js"))) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asserts that a state of the page breaks no rule, in light and in dark. */
    void check(String state) {
        for (String scheme : List.of("light", "dark")) {
            page.scheme(scheme);
            if (!page.<Boolean>run("return 'axe' in window")) {
                page.run(SCRIPT);
            }
            @SuppressWarnings("unchecked")
            Map<String, List<String>> result = (Map<String, List<String>>) page.driver.executeAsyncScript("""
                    const done = arguments[arguments.length - 1];
                    const shown = r => r.nodes.map(n => `${r.impact} ${r.id}: ${n.html} ${n.failureSummary}`);
                    axe.run(arguments[0].length > 0 ? {runOnly: arguments[0]} : {}).then(
                        r => done({
                            violations: r.violations.flatMap(shown),
                            passes: r.passes.map(p => p.id),
                        }),
                        e => done({violations: [String(e)], passes: []}))""", only);
            assertThat(result.get("violations")).as("%s, %s", state, scheme).isEmpty();
            // Otherwise it would have looked at nothing.
            assertThat(result.get("passes"))
                    .containsAll(only.isEmpty() ? List.of("color-contrast", "label", "region") : only);
            rules.addAll(result.get("passes"));
            checks++;
        }
        page.scheme("light");
        states.add(state);
    }

    /** What has been checked so far, for the log. */
    void report() {
        log.info("axe-core: 0 violations of {} rules in {} checks: {}", rules.size(), checks, states);
    }
}
