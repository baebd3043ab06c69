package dev.store.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.WatchCancel;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchProgressRequest;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import dev.store.server.testing.WatchCall;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WatchStreamTest {
    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private static Node node;

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder, 1, Map.of("limits.watches-per-stream", "3"));
        node = cluster.node(0);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void aWatchSeesEveryChangeInOrderWithThePreviousEntry() throws InterruptedException {
        try (WatchCall stream = WatchCall.open(node)) {
            stream.create(watch(7, "a/").setPrevious(true));
            assertThat(stream.next().hasCreated()).isTrue();

            long first = put("a/k", "1");
            long second = put("a/k", "2");

            Event one = stream.nextEvent();
            Event two = stream.nextEvent();
            assertThat(one.getEntry().getModRevision()).isEqualTo(first);
            assertThat(two.getEntry().getModRevision()).isEqualTo(second);
            assertThat(two.getPrevious().getValue().toStringUtf8()).isEqualTo("1");
        }
    }

    @Test
    void aSnapshotComesFirstThenItsMarkThenChanges() throws InterruptedException {
        put("s/1", "x");
        put("s/2", "y");
        try (WatchCall stream = WatchCall.open(node)) {
            stream.create(watch(1, "s/").setSnapshot(true));
            assertThat(stream.next().hasCreated()).isTrue();
            int entries = 0;
            WatchResponse response = stream.next();
            while (!response.getSnapshotComplete()) {
                entries += response.getSnapshotEntriesCount();
                response = stream.next();
            }
            assertThat(entries).isEqualTo(2);

            long revision = put("s/3", "z");

            assertThat(revision).isGreaterThan(response.getRevision());
            assertThat(stream.nextEvent().getEntry().getKey().toStringUtf8()).isEqualTo("s/3");
        }
    }

    @Test
    void progressIsSentOnRequestAndNamesTheRevisionReached() throws InterruptedException {
        try (WatchCall stream = WatchCall.open(node)) {
            stream.create(watch(5, "quiet/"));
            stream.next();
            long revision = put("elsewhere", "1");
            TestCluster.await("applied", () -> node.revision() >= revision);

            stream.send(WatchRequest.newBuilder().setProgress(WatchProgressRequest.getDefaultInstance()));

            WatchResponse progress = stream.next();
            assertThat(progress.getProgress()).isTrue();
            assertThat(progress.getWatchId()).isEqualTo(5);
        }
    }

    @Test
    void aTakenIdIsRefusedAndTheOlderWatchGoesOn() throws InterruptedException {
        try (WatchCall stream = WatchCall.open(node)) {
            stream.create(watch(9, "d/"));
            stream.next();
            stream.create(watch(9, "other/"));
            WatchResponse refused = stream.next();
            assertThat(refused.getWatchId()).isEqualTo(9);
            assertThat(refused.getCanceled().getReason()).isEqualTo("DUPLICATE_WATCH");

            put("d/k", "1");
            assertThat(stream.nextEvent().getEntry().getKey().toStringUtf8()).isEqualTo("d/k");
        }
    }

    @Test
    void aCanceledWatchEndsWithItsAnswerAndAnUnknownOneIsNamed() throws InterruptedException {
        try (WatchCall stream = WatchCall.open(node)) {
            stream.create(watch(0, "c/"));
            long id = stream.next().getWatchId();
            stream.send(
                    WatchRequest.newBuilder().setCancel(WatchCancel.newBuilder().setWatchId(id)));
            assertThat(stream.next().getCanceled().getReason()).isEqualTo("CANCELED");

            stream.send(
                    WatchRequest.newBuilder().setCancel(WatchCancel.newBuilder().setWatchId(id)));
            assertThat(stream.next().getCanceled().getReason()).isEqualTo("WATCH_NOT_FOUND");
        }
    }

    @Test
    void oneWatchPastTheLimitOfTheStreamIsRefusedWithTheNumber() throws InterruptedException {
        try (WatchCall stream = WatchCall.open(node)) {
            for (int i = 1; i <= 3; i++) {
                stream.create(watch(i, "l/"));
                assertThat(stream.next().hasCreated()).isTrue();
            }
            stream.create(watch(4, "l/"));

            WatchResponse refused = stream.next();
            assertThat(refused.getCanceled().getReason()).isEqualTo("TOO_LARGE");
            assertThat(refused.getCanceled().getMessage()).contains("4 (expected: at most 3)");
        }
    }

    @Test
    void aBadWatchIsCanceledWithTheReasonAndTheStreamLivesOn() throws InterruptedException {
        try (WatchCall stream = WatchCall.open(node)) {
            stream.create(WatchCreate.newBuilder().setWatchId(2));
            assertThat(stream.next().getCanceled().getReason()).isEqualTo("INVALID_ARGUMENT");

            stream.create(watch(2, "b/"));
            assertThat(stream.next().hasCreated()).isTrue();
        }
    }

    private static WatchCreate.Builder watch(long id, String prefix) {
        return WatchCreate.newBuilder()
                .setWatchId(id)
                .setKeys(KeySelector.newBuilder().setPrefix(ByteString.copyFromUtf8(prefix)));
    }

    private static long put(String key, String value) {
        return node.kv()
                .put(PutRequest.newBuilder()
                        .setPut(Put.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(ByteString.copyFromUtf8(value)))
                        .build())
                .getHeader()
                .getRevision();
    }
}
