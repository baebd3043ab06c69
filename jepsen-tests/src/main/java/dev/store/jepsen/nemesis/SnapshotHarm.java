package dev.store.jepsen.nemesis;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;

/** A follower that must be brought back by a snapshot, and is killed while that happens. */
final class SnapshotHarm {
    private static final Duration CALL = Duration.ofSeconds(5);
    private static final int VALUE = 64 * 1024;
    private static final int KEYS = 40;

    private SnapshotHarm() {}

    static String killInTheMiddle(Scene scene) {
        List<Node> followers = scene.cluster().followers();
        Node follower = followers.get(scene.random().nextInt(followers.size()));
        long applied = follower.client().status().getLog().getAppliedIndex();
        follower.kill();
        Node leader = scene.cluster().awaitLeader(Scene.HEAL);
        long first = writeUntilTheLogIsCut(leader, applied);
        int kills = 1 + scene.random().nextInt(3);
        for (int i = 0; i < kills; i++) {
            follower.start();
            scene.last(300, 2_500);
            follower.kill();
        }
        follower.start();
        return follower.name() + " had applied " + applied + ", the log of " + leader.name() + " begins at " + first
                + ", killed " + kills + " times on its way back";
    }

    /** The proof that a snapshot is needed: the first entry in the leader's log is one that the follower lacks. */
    private static long writeUntilTheLogIsCut(Node leader, long applied) {
        ByteString value = ByteString.copyFrom(new byte[VALUE]);
        int[] number = {0};
        Await.until(Scene.HEAL, "a log of " + leader + " that begins after index " + applied, () -> {
            for (int i = 0; i < 10; i++) {
                put(leader, "filler/" + number[0]++ % KEYS, value);
            }
            return leader.client().status().getLog().getFirstIndex() > applied + 1;
        });
        return leader.client().status().getLog().getFirstIndex();
    }

    private static void put(Node leader, String key, ByteString value) {
        PutRequest request = PutRequest.newBuilder()
                .setPut(Put.newBuilder().setKey(ByteString.copyFromUtf8(key)).setValue(value))
                .build();
        try {
            var unused = leader.client().kv(CALL).put(request);
        } catch (StatusRuntimeException e) {
            // Filler only: what counts is that the log is cut in the end.
        }
    }
}
