package dev.postfeed.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/**
 * Each fault has tests that ran and passed; the table of them is printed, and kept as {@code target/faults.md}. An
 * execution of its own, after all tests: its name is none that the first one looks for.
 */
@Tag("faults")
@DisabledIfSystemProperty(named = "test", matches = ".+", disabledReason = "only a part of the tests has run")
class FaultCheck {

    /** What {@link NeedsRoot} skips is missing where nobody may skip. */
    private static final Set<String> ALLOWED =
            "true".equals(System.getenv("CI")) ? Set.of("passed") : Set.of("passed", "skipped");

    private static final Path TABLE = Path.of("target", "faults.md");

    @Test
    void everyFaultHasTestsThatRanAndPassed() throws IOException {
        Map<String, Map<String, Long>> ran = Files.readAllLines(FaultRecorder.RAN).stream()
                .map(line -> line.split(" "))
                .collect(Collectors.groupingBy(
                        parts -> parts[0],
                        Collectors.groupingBy(parts -> parts[1], TreeMap::new, Collectors.counting())));
        List<CoveringTest> tests = CoveringTest.all();
        List<String> lines = new ArrayList<>(List.of("| # | fault | tests | result |", "| --- | --- | --- | --- |"));
        List<String> wrong = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            List<String> names = tests.stream()
                    .filter(test -> test.faults().contains(fault))
                    .map(CoveringTest::name)
                    .toList();
            Map<String, Long> results = new TreeMap<>();
            for (String name : names) {
                ran.getOrDefault(name, Map.of("not run", 1L))
                        .forEach((result, count) -> results.merge(result, count, Long::sum));
            }
            String result = results.entrySet().stream()
                    .map(each -> each.getValue() + " " + each.getKey())
                    .collect(Collectors.joining(", "));
            lines.add("| %d | %s | %s | %s |"
                    .formatted(fault.number(), fault.description(), String.join(", ", names), result));
            if (results.isEmpty() || !ALLOWED.containsAll(results.keySet())) {
                wrong.add(fault.number() + ": " + (result.isEmpty() ? "no test" : result));
            }
        }
        lines.forEach(System.out::println);
        Files.write(TABLE, lines);
        assertThat(wrong).as("faults without tests that all passed").isEmpty();
    }
}
