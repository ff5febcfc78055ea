import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Bars as SVG: requests a second on the left, CPU time of each on the right, a block for each kind of request. */
final class Plot {

    /** A bar of each side. */
    record Bar(String name, double perSecond, double serviceMicros, double postgresMicros) {

        double micros() {
            return serviceMicros + postgresMicros;
        }
    }

    private static final int WIDTH = 1000;
    private static final int LABELS = 190;
    private static final int BARS = 300;
    private static final int RIGHT = LABELS + BARS + 110;
    private static final int BAR = 16;
    private static final int ROW = 22;
    private static final int TITLE = 34;

    /** A bar this many times as long as the next one is cut, so that the others can be told apart. */
    private static final double CUT = 2.5;

    private static final String SELF = "#0b6e4f";
    private static final String PEER = "#8a97a6";
    private static final String POSTGRES = "#c9d1da";

    private final List<String> elements = new ArrayList<>();
    private final String self;
    private int y = 64;

    /** @param self the name of the bar that stands out */
    Plot(String title, String self) {
        this.self = self;
        text(16, 28, "title", title);
        text(LABELS, 52, "axis", "requests/s (longer is better)");
        text(RIGHT, 52, "axis", "CPU per request, µs: service + PostgreSQL (shorter is better)");
    }

    void block(String title, List<Bar> bars) {
        text(16, y + 20, "block", title);
        y += TITLE;
        double fastest = scale(bars.stream().mapToDouble(Bar::perSecond).toArray());
        double dearest = scale(bars.stream().mapToDouble(Bar::micros).toArray());
        for (Bar bar : bars) {
            String colour = bar.name().equals(self) ? SELF : PEER;
            text(16, y + 13, bar.name().equals(self) ? "self" : "peer", bar.name());
            rect(LABELS, length(bar.perSecond(), fastest), colour);
            text(
                    LABELS + length(bar.perSecond(), fastest) + 6,
                    y + 13,
                    "value",
                    String.format(Locale.ROOT, "%,.0f", bar.perSecond()));
            micros(bar, dearest, colour);
            y += ROW;
        }
        y += 10;
    }

    private void micros(Bar bar, double scale, String colour) {
        int all = length(bar.micros(), scale);
        int service = Math.min(all, length(bar.serviceMicros(), scale));
        rect(RIGHT, all, POSTGRES);
        rect(RIGHT, service, colour);
        boolean cut = bar.micros() > scale;
        if (cut) {
            elements.add(String.format(
                    "<path d=\"M%d %d l6 -%d l6 0 l-6 %d z\" fill=\"#fff\"/>", RIGHT + all - 30, y + BAR, BAR, BAR));
        }
        text(
                RIGHT + all + 6,
                y + 13,
                "value",
                String.format(Locale.ROOT, "%,.0f + %,.0f", bar.serviceMicros(), bar.postgresMicros()));
    }

    /** The longest bar, unless it dwarfs the others. */
    private static double scale(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        double longest = ascending[ascending.length - 1];
        if (ascending.length == 1) {
            return longest;
        }
        double next = ascending[ascending.length - 2];
        return longest > CUT * next ? next * 1.3 : longest;
    }

    private static int length(double value, double scale) {
        return (int) Math.max(1, Math.round(BARS * Math.min(1, value / scale)));
    }

    private void rect(int x, int width, String colour) {
        elements.add(String.format(
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>", x, y, width, BAR, colour));
    }

    private void text(int x, int baseline, String kind, String text) {
        elements.add(String.format(
                "<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>",
                x, baseline, kind, text.replace("&", "&amp;").replace("<", "&lt;")));
    }

    void write(Path file) throws IOException {
        String head = """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">
                <style>
                text { font: 12px system-ui, sans-serif; fill: #24292f }
                .title { font-size: 16px; font-weight: 600 }
                .block, .self { font-weight: 600 }
                .axis { fill: #57606a }
                </style>
                <rect width="100%%" height="100%%" fill="#fff"/>
                """.formatted(WIDTH, y, WIDTH, y);
        Files.writeString(file, head + String.join("\n", elements) + "\n</svg>\n");
    }
}
