package dev.postfeed.web;

import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.netty.resources.LoopResources;

/**
 * The event loops on which requests come. What one statement has found for many of them is told to each on its own: otherwise
 * the loop of the database's connection would encode and write the answers of all, while the others have nothing to do.
 */
@Component
final class RequestLoops {

    private final List<EventExecutor> loops = new ArrayList<>();

    RequestLoops(LoopResources resources) {
        resources.onServer(LoopResources.DEFAULT_NATIVE).forEach(loops::add);
    }

    /** That of this thread; null where it has none. */
    @Nullable
    EventExecutor current() {
        for (EventExecutor loop : loops) {
            if (loop.inEventLoop()) {
                return loop;
            }
        }
        return null;
    }

    /** Those who are to be told something, by the event loops that they came on. */
    static final class Tellings {

        private final List<Runnable> here = new ArrayList<>();
        private final Map<EventExecutor, List<Runnable>> elsewhere = new HashMap<>();

        /** @param loop null for this thread */
        void add(@Nullable EventExecutor loop, Runnable telling) {
            if (loop == null || loop.inEventLoop()) {
                here.add(telling);
            } else {
                elsewhere.computeIfAbsent(loop, first -> new ArrayList<>()).add(telling);
            }
        }

        /** Other loops begin with theirs before this one does. */
        void run() {
            elsewhere.forEach((loop, tellings) -> loop.execute(() -> tellings.forEach(Runnable::run)));
            here.forEach(Runnable::run);
        }
    }
}
