package dev.postfeed.load;

import io.gatling.javaapi.core.ScenarioBuilder;
import java.util.List;

/** Uploads of lines, each stored; every upload comes again, as after a cut, and stores nothing twice. Arrays beside them. */
public class IngestSimulation extends LoadSimulation {

    private static final double PEAK_PER_SECOND = 4;
    private static final int ELEMENTS = 100;

    public IngestSimulation() {
        int lines = settings.lines();
        ScenarioBuilder uploads =
                people("uploads of lines", People.register(), Lines.upload(lines), Lines.uploadAgain(lines));
        ScenarioBuilder arrays = people("uploads of arrays", People.register(), Lines.array(ELEMENTS));
        run(List.of(uploads.injectOpen(stairs(PEAK_PER_SECOND)), arrays.injectOpen(stairs(PEAK_PER_SECOND))));
    }
}
