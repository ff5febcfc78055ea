package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postfeed.query.FeedQuery;
import dev.postfeed.query.Parameters;
import dev.postfeed.query.Probe;
import dev.postfeed.query.Probes;
import dev.postfeed.web.Problem;
import dev.postfeed.web.ProblemType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FeedProbesTests {

    private final FeedProbes probes = new FeedProbes();

    private static Set<Probe> of(String query) {
        return FeedQuery.of(Parameters.decode(query)).probes();
    }

    /** Of a filter with so many patterns, the first of which has a number. */
    private static Set<Probe> patterns(int from, int to) {
        Set<Probe> patterns = new HashSet<>();
        IntStream.range(from, to).forEach(i -> patterns.addAll(of("title=like." + i)));
        return patterns;
    }

    @Test
    void asksNothingForThoseWhoFilterByIntegersOnly() {
        probes.add(of("user_id=eq.7"));
        assertThat(probes.current()).isSameAs(Probes.NONE);
    }

    @Test
    void asksOnceForTheSameThing() {
        probes.add(of("title=ilike.*a*"));
        Probes asked = probes.current();
        probes.add(of("title=not.ilike.*a*&user_id=eq.3"));
        assertThat(probes.current()).as("prepared statements stay the same").isSameAs(asked);
        probes.remove(of("title=ilike.*a*"));
        assertThat(probes.current().covers(of("title=ilike.*a*"))).isTrue();
        probes.remove(of("title=ilike.*a*"));
        assertThat(probes.current()).isSameAs(Probes.NONE);
    }

    @Test
    void asksForEverybody() {
        probes.add(of("title=like.a"));
        probes.add(of("title=like.b&content=like.c"));
        assertThat(probes.current().covers(of("or=(title.like.a,title.like.b,content.like.c)")))
                .isTrue();
        probes.remove(of("title=like.b&content=like.c"));
        assertThat(probes.current().covers(of("title=like.a"))).isTrue();
        assertThat(probes.current().covers(of("title=like.b"))).isFalse();
    }

    @Test
    void refusesToAskForMoreThanAThousandThings() {
        probes.add(patterns(0, 999));
        assertThatThrownBy(() -> probes.add(patterns(999, 1001)))
                .isInstanceOfSatisfying(Problem.class, e -> assertThat(e.type()).isEqualTo(ProblemType.OVERLOADED));
        assertThat(probes.current().covers(patterns(999, 1000)))
                .as("nothing of them")
                .isFalse();
        probes.add(patterns(990, 1000));
        assertThat(probes.current().covers(patterns(0, 1000))).isTrue();
        probes.add(patterns(0, 1000));
        probes.remove(patterns(0, 1000));
        probes.remove(patterns(0, 999));
        probes.add(patterns(2000, 2900));
        assertThat(probes.current().covers(patterns(2000, 2900))).isTrue();
    }

    @Test
    void manyComeAndGoAtOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Void> comingAndGoing = () -> {
                for (int i = 0; i < 2000; i++) {
                    Set<Probe> mine = patterns(i % 5, i % 5 + 2);
                    probes.add(mine);
                    assertThat(probes.current().covers(mine)).isTrue();
                    probes.remove(mine);
                }
                return null;
            };
            for (Future<Void> done : threads.invokeAll(List.of(comingAndGoing, comingAndGoing, comingAndGoing))) {
                done.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(probes.current()).isSameAs(Probes.NONE);
    }
}
