import java.util.ArrayList;
import java.util.List;

/** What was measured against what it must, and what it should, come to. */
final class Budgets {

    private final List<String> rows = new ArrayList<>();

    /** @param must 0 where there is only a goal */
    void atLeast(String name, double measured, double must, double goal) {
        rows.add(Options.row(
                name,
                ratio(measured),
                must == 0 ? "–" : ratio(must),
                ratio(goal),
                must == 0 && measured < goal ? "goal not met" : verdict(measured >= must, measured >= goal)));
    }

    void atMost(String name, String unit, double measured, double must, double goal) {
        rows.add(Options.row(
                name,
                String.format("%.2f%s", measured, unit),
                String.format("%.2f%s", must, unit),
                String.format("%.2f%s", goal, unit),
                verdict(measured <= must, measured <= goal)));
    }

    void print() {
        System.out.println(
                Options.row("Postfeed / peer, medians of the rounds' ratios", "measured", "must", "goal", ""));
        System.out.println(Options.row("---", "--:", "--:", "--:", "---"));
        rows.forEach(System.out::println);
    }

    private static String ratio(double ratio) {
        return String.format("%.2f ×", ratio);
    }

    private static String verdict(boolean must, boolean goal) {
        return !must ? "**not met**" : goal ? "goal met" : "met, not the goal";
    }
}
