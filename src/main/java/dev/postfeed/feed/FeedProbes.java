package dev.postfeed.feed;

import dev.postfeed.query.Probe;
import dev.postfeed.query.Probes;
import dev.postfeed.web.Problem;
import dev.postfeed.web.ProblemType;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** What the filters of all subscribers want to know of each post from PostgreSQL, each thing once. */
final class FeedProbes {

    /** Different ones at a time: each is asked of each post. */
    private static final int MOST = 1000;

    private record Asked(Map<Probe, Integer> times, Probes probes) {}

    private final AtomicReference<Asked> asked = new AtomicReference<>(new Asked(Map.of(), Probes.NONE));

    /** What to ask of posts that are read from now on. */
    Probes current() {
        return Objects.requireNonNull(asked.get()).probes();
    }

    /** @throws Problem when there are too many already */
    void add(Set<Probe> probes) {
        change(probes, 1);
    }

    void remove(Set<Probe> probes) {
        change(probes, -1);
    }

    private void change(Set<Probe> probes, int by) {
        if (probes.isEmpty()) {
            return;
        }
        asked.updateAndGet(before -> {
            Map<Probe, Integer> times = new HashMap<>(before.times());
            probes.forEach(probe -> times.merge(probe, by, (a, b) -> a + b == 0 ? null : a + b));
            if (by > 0 && times.size() > MOST) {
                throw new Problem(
                        ProblemType.OVERLOADED,
                        "the feed's subscribers ask for more than " + MOST + " different patterns and comparisons");
            }
            return times.keySet().equals(before.times().keySet())
                    ? new Asked(times, before.probes())
                    : new Asked(times, Probes.of(times.keySet()));
        });
    }
}
