package dev.store.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.CompactRequest;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.api.v1.TxnRequest;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchResponse;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import dev.store.server.testing.WatchCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a watch does where something is too large, too slow or too old. */
@Timeout(60)
class WatchBoundsTest {
    private static final int PARTS = 10;
    private static final ByteString LARGE = ByteString.copyFrom(new byte[140 << 10]);

    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private static Node node;

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder, 1, Map.of());
        node = cluster.node(0);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aLargeRevisionComesInFragmentsToThoseWhoAllowIt() throws InterruptedException {
        try (WatchCall stream = WatchCall.open(node)) {
            stream.create(watch(1, "f/").setFragment(true));
            assertThat(stream.nextOfAll().hasCreated()).isTrue();

            long revision = putManyAtOnce("f/");

            List<Event> events = new ArrayList<>();
            for (int part = 1; part <= PARTS; part++) {
                WatchResponse response = stream.nextOfAll();
                assertThat(response.getRevision()).isEqualTo(revision);
                assertThat(response.getFragment()).as("part " + part).isEqualTo(part < PARTS);
                events.addAll(response.getEventsList());
            }
            assertThat(events)
                    .extracting(event -> event.getEntry().getKey().toStringUtf8())
                    .containsExactly("f/0", "f/1", "f/2", "f/3", "f/4", "f/5", "f/6", "f/7", "f/8", "f/9");
        }
    }

    @Test
    void aLargeRevisionIsOneResponseToThoseWhoDoNot() throws InterruptedException {
        try (WatchCall stream = WatchCall.open(node)) {
            stream.create(watch(1, "w/"));
            assertThat(stream.nextOfAll().hasCreated()).isTrue();

            putManyAtOnce("w/");

            WatchResponse response = stream.nextOfAll();
            assertThat(response.getFragment()).isFalse();
            assertThat(response.getEventsCount()).isEqualTo(PARTS);
        }
    }

    @Test
    void aWatcherThatDoesNotReadIsToldThatItLagsAndMissesNothing() throws InterruptedException {
        int changes = 60;
        try (WatchCall stream = WatchCall.openStalled(node)) {
            stream.create(watch(1, "slow/"));
            assertThat(stream.nextOfAll().hasCreated()).isTrue();
            List<Long> revisions = new ArrayList<>();
            for (int i = 0; i < changes; i++) {
                revisions.add(put("slow/k", LARGE));
            }

            stream.read(Integer.MAX_VALUE);

            List<Long> seen = new ArrayList<>();
            List<WatchResponse> lagging = new ArrayList<>();
            while (seen.size() < changes) {
                WatchResponse response = stream.nextOfAll();
                if (response.hasLagging()) {
                    lagging.add(response);
                    assertThat(response.getLagging().getBehindRevision())
                            .isLessThan(response.getLagging().getCurrentRevision());
                }
                response.getEventsList()
                        .forEach(event -> seen.add(event.getEntry().getModRevision()));
            }
            assertThat(seen).isEqualTo(revisions);
            assertThat(lagging).isNotEmpty();
        }
    }

    @Test
    void aWatchFromBelowTheCompactionRevisionIsToldWhereHistoryBegins() throws InterruptedException {
        long old = put("c/k", ByteString.copyFromUtf8("1"));
        long kept = put("c/k", ByteString.copyFromUtf8("2"));
        put("c/k", ByteString.copyFromUtf8("3"));
        node.kv().compact(CompactRequest.newBuilder().setRevision(kept).build());
        try (WatchCall stream = WatchCall.open(node)) {
            stream.create(watch(1, "c/").setStartRevision(old));
            WatchResponse refused = stream.nextOfAll();
            assertThat(refused.getCanceled().getReason()).isEqualTo("COMPACTED");
            assertThat(refused.getCanceled().getCompactRevision()).isEqualTo(kept);

            stream.create(watch(2, "c/").setStartRevision(kept));
            assertThat(stream.nextOfAll().getCreated().getStartRevision()).isEqualTo(kept);
            assertThat(stream.nextEvent().getEntry().getModRevision()).isEqualTo(kept);
        }
    }

    private static WatchCreate.Builder watch(long id, String prefix) {
        return WatchCreate.newBuilder()
                .setWatchId(id)
                .setKeys(KeySelector.newBuilder().setPrefix(ByteString.copyFromUtf8(prefix)));
    }

    private static long putManyAtOnce(String prefix) {
        Txn.Builder txn = Txn.newBuilder();
        for (int i = 0; i < PARTS; i++) {
            txn.addThen(TxnOp.newBuilder()
                    .setPut(Put.newBuilder()
                            .setKey(ByteString.copyFromUtf8(prefix + i))
                            .setValue(LARGE)));
        }
        return node.kv()
                .txn(TxnRequest.newBuilder().setTxn(txn).build())
                .getHeader()
                .getRevision();
    }

    private static long put(String key, ByteString value) {
        return node.kv()
                .put(PutRequest.newBuilder()
                        .setPut(Put.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(value))
                        .build())
                .getHeader()
                .getRevision();
    }
}
