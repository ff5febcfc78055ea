package dev.postfeed.feed;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A client of the feed that comes and goes, at either node, and remembers all that it got. */
final class FeedSubscriber implements Runnable {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LOOK_UP = Duration.ofMillis(100);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);
    private static final int SMALL_BUFFER = 4096;
    private static final int MOST_SAMPLES = 16;

    private final CheckerRun run;
    private final SharedPlaces shared;
    private final String name;
    private final FeedFilter filter;
    private final boolean slow;
    private final Random random;
    private final List<Visit> visits = new ArrayList<>();
    private final List<Place> samples = new ArrayList<>();

    private Place place;
    private BitSet known = new BitSet();
    private @Nullable Visit visit;

    /** @param slow whether it stops reading for seconds now and then */
    FeedSubscriber(
            CheckerRun run, SharedPlaces shared, String name, FeedFilter filter, boolean slow, Place start, long seed) {
        this.run = run;
        this.shared = shared;
        this.name = name;
        this.filter = filter;
        this.slow = slow;
        this.place = start;
        this.random = new Random(seed);
    }

    @Override
    public void run() {
        try {
            while (!run.over()) {
                visit();
                if (!run.over()) {
                    Thread.sleep(random.nextInt(200));
                    moveOn();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            run.violation(name + " failed: " + e);
        }
    }

    private void visit() throws InterruptedException {
        int node = random.nextInt(FeedCluster.NODES);
        boolean byHeader = random.nextBoolean();
        String parameter = (filter.isAll() ? "?" : "&") + "last_event_id=" + place.position();
        String path = "/posts/feed" + filter.query() + (byHeader ? "" : parameter);
        Visit now = begin(node);
        try (FeedClient client = FeedClient.connect(
                run.cluster().url(node), path, byHeader ? place.position() : null, slow ? SMALL_BUFFER : 0)) {
            String end = follow(client);
            now = Objects.requireNonNull(visit);
            now.end(end);
        } catch (FeedClient.Refused e) {
            now.end(e.getMessage());
            if (!run.cluster().isUnavailable(e.status())) {
                run.violation(name + " was refused: " + e.getMessage());
            }
        } catch (IOException e) {
            now.end(e.toString());
        }
    }

    private synchronized Visit begin(int node) {
        Visit now = new Visit(place, node);
        visits.add(now);
        visit = now;
        known = (BitSet) place.known().clone();
        samples.clear();
        return now;
    }

    private String follow(FeedClient client) throws IOException, InterruptedException {
        // Mostly short, since it is at the seams that posts are lost.
        long leave = System.nanoTime() + (long) (Math.pow(random.nextDouble(), 2) * 8e9);
        while (!run.over() && (run.quiet() || System.nanoTime() < leave)) {
            StreamEvent event = client.next(LOOK_UP);
            Visit now = Objects.requireNonNull(visit);
            String position = client.lastEventId();
            if (event != null) {
                take(event, now);
            } else if (client.silence().compareTo(LONGEST_SILENCE) > 0) {
                run.violation(name + " heard nothing, not even a heartbeat, for " + LONGEST_SILENCE + ": "
                        + now.describe(run));
                return "silence";
            } else if (position != null) {
                now.position(position);
            }
            if (slow && !run.quiet() && random.nextInt(500) == 0) {
                Thread.sleep(1_000 + random.nextInt(3_000));
            }
        }
        return "left";
    }

    private synchronized void take(StreamEvent event, Visit now) {
        String position = event.id();
        if (position == null || !Place.isValid(position)) {
            run.violation(name + " got an event at a position that is none: " + event);
            return;
        }
        switch (event.event()) {
            case "post" -> post(event, now);
            case "caught-up" -> caughtUp(event, now);
            case "reset" -> {
                reset(event, now);
                return;
            }
            default -> run.violation(name + " got " + event + " at " + now.describe(run));
        }
        now.position(position);
        // A sample costs a copy of what is known.
        if (random.nextInt(now.size() < 100 ? 10 : 500) == 0) {
            sample(now);
        }
    }

    private void post(StreamEvent event, Visit now) {
        DeliveredPost post = DeliveredPost.of(event);
        long id = post.id();
        String other = run.history().delivered(post);
        if (other != null) {
            run.violation(name + " got post " + id + " as '" + post.title() + "', another one as '" + other + "'");
        }
        if (!post.asWritten()) {
            run.violation(name + " got a post that nobody wrote so: " + event.data());
        }
        boolean repeated = known.get((int) id);
        if (!now.add(id, repeated)) {
            run.violation(name + " got post " + id + " twice: " + now.describe(run));
        } else if (repeated && now.start().exact() && now.repeats() == 1) {
            run.violation(name + " got post " + id + " again: " + now.describe(run));
        }
        known.set((int) id);
    }

    private void caughtUp(StreamEvent event, Visit now) {
        if (!now.caughtUp()) {
            run.violation(name + " is caught up twice: " + now.describe(run));
        }
        String position = JSON.readTree(event.data()).path("position").asString();
        if (!position.equals(event.id())) {
            run.violation(name + " is caught up at another position than its own: " + event);
        }
        if (place.isNow()) {
            // From here on nothing may be missed.
            place = new Place(Place.NOW, place.known(), System.nanoTime(), true, null, 0);
        }
    }

    /** What comes from here on counts as on another connection: it is another past, of which it has what its position says. */
    private void reset(StreamEvent event, Visit now) {
        String reason = JSON.readTree(event.data()).path("reason").asString();
        Failover failover = run.cluster().failover();
        if (failover == null || !failover.hasBegun() || !reason.startsWith("another server has taken over")) {
            run.violation(name + " got " + event + " at " + now.describe(run));
        }
        now.end("reset");
        BitSet left = Place.knownAt(event.id(), known);
        place = new Place(event.id(), left, place.since(), place.exact() && Place.isExact(event.id()), null, 0);
        begin(now.node());
    }

    /** Where it is: where it began, as long as no position has come. */
    private Place here(Visit now) {
        String position = now.position();
        if (position == null || place.since() == Long.MAX_VALUE) {
            return place;
        }
        boolean exact = place.exact() && Place.isExact(position);
        return new Place(position, (BitSet) known.clone(), place.since(), exact, now, now.size());
    }

    private void sample(Visit now) {
        Place here = here(now);
        if (samples.size() < MOST_SAMPLES) {
            samples.add(here);
        } else {
            samples.set(random.nextInt(MOST_SAMPLES), here);
        }
        if (filter.isAll()) {
            shared.offer(here, random);
        }
    }

    /** Before it runs. */
    synchronized void startAt(Place other) {
        place = other;
    }

    private synchronized void moveOn() {
        place = nextPlace();
    }

    /** Mostly the last position; sometimes an older one, and sometimes somebody else's. */
    private Place nextPlace() {
        int choice = random.nextInt(20);
        if (choice == 0 && filter.isAll() && !run.quiet()) {
            Place other = shared.take(random);
            if (other != null) {
                return other;
            }
        }
        if (choice < 3 && !samples.isEmpty()) {
            return samples.get(random.nextInt(samples.size()));
        }
        return visit == null ? place : here(visit);
    }

    String name() {
        return name + (filter.isAll() ? "" : " " + filter.query()) + (slow ? " slow" : "");
    }

    FeedFilter filter() {
        return filter;
    }

    /** Since when it must have all; {@link Long#MAX_VALUE} when it has not been told yet. */
    synchronized long since() {
        return place.since();
    }

    /** What it must have, but has not. */
    synchronized BitSet missing(BitSet expected) {
        BitSet missing = (BitSet) expected.clone();
        missing.andNot(known);
        return missing;
    }

    synchronized boolean isCaughtUp() {
        return visit != null && visit.isCaughtUp();
    }

    /** Its connections, in order. */
    List<Visit> visits() {
        return visits;
    }
}
