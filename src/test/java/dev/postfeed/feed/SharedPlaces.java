package dev.postfeed.feed;

import java.util.Random;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A few positions that subscribers have left for others to go on from. */
final class SharedPlaces {

    private static final int SIZE = 16;

    private final AtomicReferenceArray<Place> places = new AtomicReferenceArray<>(SIZE);

    void offer(Place place, Random random) {
        places.set(random.nextInt(SIZE), place);
    }

    @Nullable
    Place take(Random random) {
        return places.get(random.nextInt(SIZE));
    }
}
