import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** The options of a command line, {@code --name value} each; those that nobody asked for are refused. */
final class Options {

    private final Map<String, String> values = new HashMap<>();

    Options(String[] args) {
        for (int i = 0; i < args.length; i += 2) {
            if (!args[i].startsWith("--") || i + 1 == args.length) {
                throw new IllegalArgumentException(args[i] + ": options are --name value");
            }
            values.put(args[i].substring(2), args[i + 1]);
        }
    }

    String text(String name) {
        String value = values.remove(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    String text(String name, String otherwise) {
        String value = values.remove(name);
        return value == null ? otherwise : value;
    }

    URI uri(String name) {
        return URI.create(text(name));
    }

    /** Not below 0. */
    int number(String name, int otherwise) {
        String value = values.remove(name);
        int number = value == null ? otherwise : Integer.parseInt(value);
        if (number < 0) {
            throw new IllegalArgumentException("--" + name + " " + number + " is below 0");
        }
        return number;
    }

    long pid(String name) {
        return Long.parseLong(text(name));
    }

    /** After the last question. */
    void end() {
        if (!values.isEmpty()) {
            throw new IllegalArgumentException("unknown: --" + String.join(", --", values.keySet()));
        }
    }

    /** A row of a Markdown table. */
    static String row(Object... cells) {
        return Stream.of(cells).map(String::valueOf).reduce("|", (row, cell) -> row + " " + cell + " |");
    }
}
