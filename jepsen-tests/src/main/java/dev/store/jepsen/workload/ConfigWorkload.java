package dev.store.jepsen.workload;

import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.ConfigRollbackRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.NodeClient;
import dev.store.jepsen.history.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Publications and rollbacks of a few entries, and subscribers that follow them over all nodes. */
public final class ConfigWorkload extends ClientsWorkload {
    private static final String GROUP = "jepsen";
    private static final int ENTRIES = 3;
    private static final int CLIENTS = 5;
    private static final int SUBSCRIBERS = 6;

    private final List<ConfigFollower> followers = new ArrayList<>();
    private final AtomicLong contents = new AtomicLong();
    private final AtomicLong[] newest = new AtomicLong[ENTRIES];

    public ConfigWorkload(List<Node> nodes, Recorder recorder, Random random) {
        super(nodes, recorder, random, Crowd.of("config", CLIENTS, 15));
        for (int i = 0; i < ENTRIES; i++) {
            newest[i] = new AtomicLong();
        }
    }

    @Override
    public void start() {
        for (int i = 0; i < SUBSCRIBERS; i++) {
            Random choices = new Random(random.nextLong());
            followers.add(new ConfigFollower(key(i % ENTRIES), () -> {
                synchronized (choices) {
                    return nodes.get(choices.nextInt(nodes.size()));
                }
            }));
        }
        super.start();
    }

    @Override
    Runnable client(Random mine) {
        Caller caller = newCaller(mine);
        return () -> turn(caller, mine);
    }

    @Override
    public void finish() {
        Recorder.Worker worker = recorder.worker();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            ConfigFollower follower = followers.get(i);
            long wanted = newest[i % ENTRIES].get();
            Await.until(
                    Await.PATIENCE, "version " + wanted + " at subscriber " + i, () -> follower.version() >= wanted);
            follower.close();
            worker.invoke("subscription", (long) i, Map.of("key", name(i % ENTRIES)));
            worker.ok(follower.seen(), Map.of("connections", (long) follower.connections()));
        }
    }

    private void turn(Caller caller, Random mine) {
        int entry = mine.nextInt(ENTRIES);
        Map<String, Object> facts = Map.of("key", name(entry));
        long known = newest[entry].get();
        if (known > 2 && mine.nextInt(5) == 0) {
            long back = Math.max(1, known - mine.nextInt(5) - 1);
            caller.change("roll-back", back, facts, client -> rollBack(client, entry, back));
        } else {
            String content = "content " + contents.incrementAndGet();
            caller.change("publish", content, facts, client -> publish(client, entry, content));
        }
    }

    private Caller.Answer publish(NodeClient client, int entry, String content) {
        ConfigDraft draft = ConfigDraft.newBuilder()
                .setKey(key(entry))
                .setContent(Caller.bytes(content))
                .build();
        return answer(
                entry,
                stub(client)
                        .publish(ConfigPublishRequest.newBuilder()
                                .addDrafts(draft)
                                .build()));
    }

    private Caller.Answer rollBack(NodeClient client, int entry, long version) {
        return answer(
                entry,
                stub(client)
                        .rollback(ConfigRollbackRequest.newBuilder()
                                .setKey(key(entry))
                                .setToVersion(version)
                                .build()));
    }

    private Caller.Answer answer(int entry, ConfigPublishResponse response) {
        if (!response.getOutcomes(0).getChanged()) {
            return Caller.Answer.refused("nothing differs");
        }
        long version = response.getOutcomes(0).getVersion();
        newest[entry].accumulateAndGet(version, Math::max);
        return Caller.Answer.of(
                null,
                Map.of("version", version, "revision", response.getHeader().getRevision()));
    }

    private static ConfigGrpc.ConfigBlockingStub stub(NodeClient client) {
        return ConfigGrpc.newBlockingStub(client.channel())
                .withDeadlineAfter(Caller.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ConfigKey key(int entry) {
        return ConfigKey.newBuilder().setGroup(GROUP).setName("entry-" + entry).build();
    }

    private static String name(int entry) {
        return GROUP + "/entry-" + entry;
    }
}
