package dev.postfeed.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two nodes, those who write, and clients that come and go between the nodes: whatever comes between whatever, nothing is
 * lost, nothing comes that is not there, and nothing comes before what was acknowledged before it was sent.
 */
class FeedModelTests {

    private static final int RUNS = 60;

    private static final int STEPS = 600;

    private final List<NodeModel> nodes = new ArrayList<>();
    private final List<ClientModel> clients = new ArrayList<>();
    private PostsModel posts = new PostsModel();

    /** For how many more steps a node does nothing. */
    private final int[] paused = new int[2];

    private int delivered;
    private int merged;

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 12})
    void losesNothingRepeatsNothingKeepsTheOrder(int mostOpen) {
        for (int run = 0; run < RUNS; run++) {
            run(1000L * mostOpen + run, mostOpen, 6);
        }
        assertThat(delivered).isGreaterThan(RUNS * STEPS / 2);
    }

    /** More holes than a position is written with: some posts are given again, by other connections. */
    @ParameterizedTest
    @ValueSource(ints = {60, 150})
    void losesNothingWhereHolesAreMerged(int mostOpen) {
        for (int run = 0; run < RUNS / 6; run++) {
            run(1_000_000L * mostOpen + run, mostOpen, 40);
        }
        assertThat(merged).as("clients with positions of many holes").isGreaterThan(RUNS / 6);
    }

    private void run(long seed, int mostOpen, int writesAStep) {
        Random random = new Random(seed);
        posts = new PostsModel();
        nodes.clear();
        clients.clear();
        nodes.addAll(List.of(new NodeModel(posts), new NodeModel(posts)));
        for (int i = 0; i < 6; i++) {
            clients.add(new ClientModel(posts, i % 3 == 2 ? null : "0"));
        }
        for (int i = 0; i < STEPS; i++) {
            for (int writes = random.nextInt(writesAStep); writes > 0; writes--) {
                posts.step(random, mostOpen);
            }
            step(random);
        }
        posts.endAll(random);
        finish(random);
        verify(seed);
    }

    private void step(Random random) {
        int which = random.nextInt(nodes.size());
        NodeModel node = nodes.get(which);
        if (random.nextInt(150) == 0) {
            posts.crash();
            nodes.forEach(NodeModel::reconnect);
        } else if (random.nextInt(100) == 0) {
            node.reconnect();
        }
        if (paused[which] > 0) {
            paused[which]--;
        } else if (random.nextInt(60) == 0) {
            paused[which] = random.nextInt(60);
        } else if (!node.isInPass()) {
            node.look();
        } else {
            int rows = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1000;
            node.rows(rows, 1 + random.nextInt(30), random.nextInt(3) == 0);
        }
        ClientModel client = clients.get(random.nextInt(clients.size()));
        int what = random.nextInt(20);
        if (!client.isConnected()) {
            client.connect(nodes.get(random.nextInt(nodes.size())));
        } else if (what == 0) {
            client.leave();
        } else if (what == 1) {
            client.fallOut();
        } else {
            for (int i = random.nextInt(8); i > 0 && client.step(random); i--) {}
        }
    }

    /** Until everybody has what there is. */
    private void finish(Random random) {
        for (ClientModel client : clients) {
            if (!client.isConnected()) {
                client.connect(nodes.get(random.nextInt(nodes.size())));
            }
        }
        for (NodeModel node : nodes) {
            if (node.isInPass()) {
                node.rows(1000, 1000, false);
            }
            for (int i = 0; i < 1000 && !node.pass(); i++) {}
            node.pass();
        }
        for (ClientModel client : clients) {
            while (client.step(random)) {}
        }
    }

    private void verify(long seed) {
        for (NodeModel node : nodes) {
            assertThat(node.ids().stream().sorted())
                    .as("log, seed %s", seed)
                    .containsExactlyElementsOf(posts.visible());
            assertThat(posts.disorder(node.ids())).as("seed %s", seed).isEmpty();
            assertThat(node.frontier().position())
                    .as("seed %s", seed)
                    .isEqualTo(new FeedPosition(posts.highest(posts.drawn()), IdRanges.NONE));
        }
        for (ClientModel client : clients) {
            Set<Long> had = new TreeSet<>(client.received());
            assertThat(posts.visible().containsAll(had))
                    .as("invented, seed %s", seed)
                    .isTrue();
            had.addAll(client.old());
            assertThat(had).as("received, seed %s", seed).isEqualTo(posts.visible());
            assertThat(posts.disorder(client.firsts())).as("seed %s", seed).isEmpty();
            for (List<Long> connection : client.connections()) {
                assertThat(connection).as("connection, seed %s", seed).doesNotHaveDuplicates();
                assertThat(posts.disorder(connection)).as("seed %s", seed).isEmpty();
            }
            if (client.isExact()) {
                assertThat(client.received()).as("client, seed %s", seed).doesNotHaveDuplicates();
            } else {
                merged++;
            }
            delivered += client.received().size();
        }
    }
}
