package dev.postfeed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postfeed.web.ProblemType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;

/** The README's tables say what the service does, no more and no less. */
@PostfeedTest
class ReadmeIntegrationTests {

    @Autowired
    WebTestClient client;

    @Autowired
    @Qualifier("routerFunctionMapping")
    RouterFunctionMapping routes;

    @Test
    void listsEveryRouteAndNoOther() throws IOException {
        Set<String> documented = table("| method | path |").stream()
                .map(row -> row.get(0) + " " + row.get(1))
                .collect(Collectors.toCollection(TreeSet::new));
        // The text form of a router function has a line a route: (GET && /users/{id}) -> ...
        Set<String> served = routes.getRouterFunction()
                .toString()
                .lines()
                .filter(line -> line.contains("&&"))
                .map(line -> line.replaceAll("^\\s*\\((\\w+) && ([^)]+)\\).*", "$1 $2"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(served);
    }

    @Test
    void listsTheMethodsThatAPathAllows() throws IOException {
        Map<String, Set<HttpMethod>> methods = new HashMap<>();
        for (List<String> row : table("| method | path |")) {
            methods.computeIfAbsent(row.get(1), path -> new java.util.HashSet<>())
                    .add(HttpMethod.valueOf(row.get(0)));
        }
        methods.forEach((path, documented) -> {
            Set<HttpMethod> allowed = client.options()
                    .uri(path.replaceAll("\\{\\w+}", "1"))
                    .exchange()
                    .expectStatus()
                    .isNoContent()
                    .returnResult(Void.class)
                    .getResponseHeaders()
                    .getAllow();
            if (documented.contains(HttpMethod.GET)) {
                documented.add(HttpMethod.HEAD);
            }
            documented.add(HttpMethod.OPTIONS);
            assertThat(allowed).as(path).isEqualTo(documented);
        });
    }

    @Test
    void listsEveryErrorWithItsStatus() throws IOException {
        Set<String> documented = table("| name | status | when |").stream()
                .map(row -> row.get(0) + " " + row.get(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> known = Arrays.stream(ProblemType.values())
                .map(type -> type.name().toLowerCase(Locale.ROOT).replace('_', '-') + " "
                        + type.status().value())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(known);
    }

    @Test
    void listsEverySettingWithItsDefault() throws Exception {
        Map<String, Object> environment = new HashMap<>();
        Set<String> documented = new TreeSet<>();
        for (List<String> row : table("| setting | property | default | meaning |")) {
            documented.add(row.get(1));
            // Relaxed names: what the README calls the setting binds to the property that it names.
            if (row.get(0).startsWith("POSTFEED_")) {
                assertThat(row.get(0))
                        .isEqualTo(row.get(1).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"));
                environment.put(row.get(0), row.get(2));
            }
        }
        Set<String> known = new TreeSet<>(Set.of("server.port", "server.address"));
        for (Class<?> settings : settings()) {
            String prefix =
                    settings.getAnnotation(ConfigurationProperties.class).value();
            Arrays.stream(settings.getRecordComponents())
                    .map(component -> prefix + "."
                            + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                    .forEach(known::add);
            assertThat(bind(prefix, settings, environment)).isEqualTo(bind(prefix, settings, Map.of()));
        }
        assertThat(documented).isEqualTo(known);
    }

    private static Object bind(String prefix, Class<?> type, Map<String, Object> values) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(source -> environment.getPropertySources().remove(source.getName()));
        environment.getPropertySources().addFirst(new SystemEnvironmentPropertySource("systemEnvironment", values));
        return Binder.get(environment).bindOrCreate(prefix, type);
    }

    private static List<Class<?>> settings() throws ClassNotFoundException {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        List<Class<?>> found = new java.util.ArrayList<>();
        for (var candidate : scanner.findCandidateComponents("dev.postfeed")) {
            found.add(Class.forName(candidate.getBeanClassName()));
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    /** The cells of the table with this head, without their backticks. */
    private static List<List<String>> table(String head) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        int start = 0;
        while (!lines.get(start).startsWith(head)) {
            start++;
        }
        List<List<String>> rows = lines.subList(start + 2, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> Stream.of(line.substring(1).split("\\|"))
                        .map(cell -> cell.strip().replace("`", ""))
                        .toList())
                .toList();
        assertThat(rows).isNotEmpty();
        return rows;
    }
}
