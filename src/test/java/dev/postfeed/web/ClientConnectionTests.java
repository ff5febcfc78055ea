package dev.postfeed.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientConnectionTests {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void runsAtOnceWhatNeedNotWait() {
        whenWritable(1);
        assertThat(ran).containsExactly(1);
    }

    @Test
    void runsAllThatWaitInTheirOrder() {
        writable(false);
        whenWritable(1);
        whenWritable(2);
        assertThat(ran).isEmpty();
        writable(true);
        assertThat(ran).containsExactly(1, 2);
        whenWritable(3);
        assertThat(ran).containsExactly(1, 2, 3);
    }

    @Test
    void runsNoMoreThanTheChannelTakes() {
        writable(false);
        ClientConnection.whenWritable(channel, () -> {
            ran.add(1);
            writable(false);
        });
        whenWritable(2);
        writable(true);
        assertThat(ran).containsExactly(1);
        writable(true);
        assertThat(ran).containsExactly(1, 2);
    }

    @Test
    void nobodyOvertakesThoseWhoWait() {
        writable(false);
        ClientConnection.whenWritable(channel, () -> {
            ran.add(1);
            whenWritable(3);
        });
        whenWritable(2);
        writable(true);
        assertThat(ran).containsExactly(1, 2, 3);
    }

    private void whenWritable(int number) {
        ClientConnection.whenWritable(channel, () -> ran.add(number));
    }

    private void writable(boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }
}
