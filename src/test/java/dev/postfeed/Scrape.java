package dev.postfeed;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Prometheus gets. */
public record Scrape(String text) {

    private static final Pattern SAMPLE =
            Pattern.compile("^(?<name>[a-zA-Z_:][\\w:]*)(?:\\{(?<labels>.*)})? (?<value>\\S+)$", Pattern.MULTILINE);

    public static Scrape of(Api api) {
        return new Scrape(api.get("/actuator/prometheus").expect(200).body());
    }

    /**
     * The sum of a metric's samples; 0 where there are none.
     *
     * @param labels that a sample must have, each as {@code name="value"}
     */
    public double sum(String name, String... labels) {
        Matcher sample = SAMPLE.matcher(text);
        double sum = 0;
        while (sample.find()) {
            String all = sample.group("labels") == null ? "" : sample.group("labels");
            if (sample.group("name").equals(name) && Arrays.stream(labels).allMatch(all::contains)) {
                sum += Double.parseDouble(sample.group("value"));
            }
        }
        return sum;
    }

    public Set<String> names() {
        return SAMPLE.matcher(text)
                .results()
                .map((MatchResult sample) -> sample.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The values that a label has, in samples of whatever name. */
    public Set<String> values(String label) {
        return Pattern.compile("[{,]" + label + "=\"([^\"]*)\"")
                .matcher(text)
                .results()
                .map(value -> value.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
