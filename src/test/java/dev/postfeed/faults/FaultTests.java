package dev.postfeed.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's table of faults has all of them, and the classes of the tests that are marked with each. */
class FaultTests {

    private static final String HEAD = "| # | what happens | shown by |";

    @Test
    void theReadmeHasEveryFaultWithItsTests() throws IOException {
        List<CoveringTest> tests = CoveringTest.all();
        List<String> expected =
                Arrays.stream(Fault.values()).map(fault -> row(fault, tests)).toList();
        List<String> lines = Files.readAllLines(Path.of("README.md"));
        assertThat(lines).contains(HEAD);
        List<String> rows = lines.subList(lines.indexOf(HEAD) + 2, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(rows).as("it should be\n%s", String.join("\n", expected)).isEqualTo(expected);
    }

    private static String row(Fault fault, List<CoveringTest> tests) {
        String classes = tests.stream()
                .filter(test -> test.faults().contains(fault))
                .map(test -> "`" + test.name().substring(0, test.name().indexOf('.')) + "`")
                .distinct()
                .collect(Collectors.joining(", "));
        assertThat(classes).as("the tests of %s", fault).isNotEmpty();
        return "| %d | %s | %s |".formatted(fault.number(), fault.description(), classes);
    }
}
