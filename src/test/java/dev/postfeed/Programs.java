package dev.postfeed;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this machine that tests start. */
public final class Programs {

    /** Where Debian has servers, and not everybody looks. */
    private static final String SERVERS = "/usr/sbin";

    private Programs() {}

    /** The first that there is of these. */
    public static Optional<Path> find(String... names) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + File.pathSeparator + SERVERS;
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * A program that a test needs: where it is missing the test is skipped, with the line that installs it, and with {@code CI=true} it fails.
     *
     * @param debian the package
     */
    public static Path require(String name, String debian) {
        String missing = "needs " + name + ": apt-get install " + debian;
        Optional<Path> program = find(name);
        assumeTrue(program.isPresent() || "true".equals(System.getenv("CI")), missing);
        return program.orElseThrow(() -> new AssertionError(missing));
    }
}
