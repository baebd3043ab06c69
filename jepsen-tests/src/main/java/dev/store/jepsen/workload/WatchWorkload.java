package dev.store.jepsen.workload;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Changes of a few keys, and many watchers of them: some from the beginning, some that come later and begin at a random
 * revision around the present one, all of which lose their connection and stall now and then.
 */
public final class WatchWorkload implements Workload {
    private static final String PREFIX = "watch/";
    private static final int KEYS = 10;
    private static final int WRITERS = 6;
    private static final int EARLY = 10;
    private static final int LATE = 40;
    private static final int AROUND = 150;

    private final List<Node> nodes;
    private final Recorder recorder;
    private final Random random;
    private final Supplier<Long> revision;
    private final RegisterTraffic traffic;
    private final Clients disturbers = new Clients();
    private final List<WatchProcess> watchers = new ArrayList<>();

    /**
     * Such traffic.
     *
     * @param revision the newest revision that anybody has seen
     */
    public WatchWorkload(List<Node> nodes, Recorder recorder, Random random, Supplier<Long> revision) {
        this.nodes = nodes;
        this.recorder = recorder;
        this.random = random;
        this.revision = revision;
        this.traffic = new RegisterTraffic(nodes, recorder, PREFIX, KEYS);
    }

    @Override
    public void start() {
        Random mine = new Random(random.nextLong());
        for (int i = 0; i < EARLY; i++) {
            add(mine, revision.get() + 1);
        }
        traffic.start(WRITERS, Duration.ofMillis(10), random);
        disturbers.start("disturber", 1, Duration.ofMillis(300), random, dice -> () -> disturb(dice));
    }

    @Override
    public void close() {
        disturbers.close();
        traffic.close();
    }

    @Override
    public void finish() {
        long until = revision.get();
        Recorder.Worker worker = recorder.worker();
        for (WatchProcess watcher : watchers) {
            watcher.awaitRevision(until, Await.PATIENCE);
            watcher.close();
            watcher.record(worker, until);
        }
    }

    private void disturb(Random dice) {
        WatchProcess victim = watchers.get(dice.nextInt(watchers.size()));
        int what = dice.nextInt(10);
        if (what < 4) {
            victim.disconnect();
        } else if (what < 6) {
            victim.stall(Duration.ofMillis(500 + dice.nextInt(6_000)));
        } else if (watchers.size() < EARLY + LATE) {
            // Also from what is not there yet; never from what may be compacted already, which would be no more than an
            // error.
            add(dice, Math.max(1, revision.get() + dice.nextInt(2 * AROUND) - AROUND));
        }
    }

    private void add(Random dice, long start) {
        String prefix = dice.nextInt(3) == 0 ? PREFIX + dice.nextInt(KEYS) : PREFIX;
        Random choices = new Random(dice.nextLong());
        Node home = nodes.get(choices.nextInt(nodes.size()));
        boolean stays = choices.nextInt(3) == 0;
        watchers.add(new WatchProcess("watcher " + watchers.size() + " of " + prefix, prefix, start, () -> {
            synchronized (choices) {
                return stays ? home : nodes.get(choices.nextInt(nodes.size()));
            }
        }));
    }
}
