package dev.postfeed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.web.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard, the alerts and the README ask for metrics that there are. */
@PostfeedTest
// A primary is a replica of itself: all metrics are there.
@TestPropertySource(properties = "postfeed.replica.url=${postfeed.database.url}")
class OperationsIntegrationTests {

    private static final Path OPERATIONS = Path.of("src/operations");

    /** Matchers, ranges and groupings; what is left of an expression are functions, operators and metrics. */
    private static final Pattern NO_METRICS =
            Pattern.compile("\\{[^}]*}|\\[[^]]*]|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");

    private static final Pattern METRIC = Pattern.compile("(?<![\\w.])[a-zA-Z_:][\\w:]*(?!\\w|\\s*\\()");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset", "sum", "max", "min");

    /** Prometheus's own. */
    private static final Set<String> NOT_SERVED = Set.of("up");

    private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"");

    @Autowired
    WebTestClient client;

    /** After there has been something of everything. */
    private Scrape scrape() throws InterruptedException {
        Api api = new Api(client);
        api.get("/users").expect(200);
        api.get("/posts", "Accept: text/csv").expect(200);
        System.gc();
        Await.until(() -> Scrape.of(api).text().contains("jvm_gc_pause_seconds_sum"));
        return Scrape.of(api);
    }

    private static Set<String> metrics(List<String> expressions) {
        Set<String> metrics = new TreeSet<>();
        for (String expression : expressions) {
            Matcher names = METRIC.matcher(NO_METRICS.matcher(expression).replaceAll(" "));
            Set<String> found = new TreeSet<>();
            while (names.find()) {
                if (!OPERATORS.contains(names.group())) {
                    found.add(names.group());
                }
            }
            assertThat(found).as(expression).isNotEmpty();
            metrics.addAll(found);
        }
        return metrics;
    }

    private static List<String> alerts() throws IOException {
        // Each rule's expression, on its line or on those below it that are further in.
        return Pattern.compile("(?m)^        expr: (?:\\|\\n((?:          .*\\n)+)|(.*))")
                .matcher(Files.readString(OPERATIONS.resolve("alerts.yml")))
                .results()
                .map(expr -> expr.group(1) == null ? expr.group(2) : expr.group(1))
                .toList();
    }

    private static List<String> dashboard() throws IOException {
        JsonNode dashboard = new JsonMapper().readTree(OPERATIONS.resolve("grafana-dashboard.json"));
        return dashboard.findValuesAsString("expr");
    }

    @Test
    void whatTheDashboardAndTheAlertsAskForIsServed() throws Exception {
        List<String> alerts = alerts();
        List<String> dashboard = dashboard();
        assertThat(alerts).hasSizeGreaterThan(10);
        assertThat(dashboard).hasSizeGreaterThan(30);
        Set<String> asked =
                metrics(Stream.concat(alerts.stream(), dashboard.stream()).toList());
        asked.removeAll(NOT_SERVED);
        Scrape scrape = scrape();
        assertThat(scrape.names()).containsAll(asked);
        // All of our own are to be seen.
        assertThat(metrics(dashboard))
                .containsAll(scrape.names().stream()
                        .filter(name -> name.startsWith("postfeed_"))
                        .toList());
        Set<String> labels = new TreeSet<>(Set.of("job", "instance"));
        Pattern.compile("[{,](\\w+)=\"").matcher(scrape.text()).results().forEach(label -> labels.add(label.group(1)));
        for (String expression :
                Stream.concat(alerts.stream(), dashboard.stream()).toList()) {
            LABEL.matcher(expression)
                    .results()
                    .forEach(label -> assertThat(labels).as(expression).contains(label.group(1)));
        }
    }

    @Test
    void theReadmeHasAllMetricsOfOurOwn() throws Exception {
        Set<String> documented = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("README.md"))) {
            if (line.startsWith("| `postfeed_")) {
                documented.add(line.substring(3, line.indexOf('`', 3)));
            }
        }
        assertThat(documented)
                .isEqualTo(scrape().names().stream()
                        .filter(name -> name.startsWith("postfeed_"))
                        .collect(java.util.stream.Collectors.toCollection(TreeSet::new)));
    }
}
