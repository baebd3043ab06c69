package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.statemachine.SnapshotRetentionPolicy;
import org.apache.ratis.util.MD5FileUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStoreTest {
    private static final int INSTALLATIONS = 200;

    @TempDir
    Path data;

    private SnapshotStore store;

    @BeforeEach
    void open() throws IOException {
        store = new SnapshotStore(data);
        store.open();
    }

    @Test
    void snapshotThatIsFinishedWhileAnotherIsInstalledIsDropped() throws IOException {
        assertThat(publish(7)).isTrue();

        store.handOver();
        assertThat(publish(8)).isFalse();
        install(20);
        store.adoptInstalled();

        assertThat(newest()).isEqualTo(20);
        assertThat(data.resolve("snapshots-tmp")).isEmptyDirectory();
        assertThat(publish(21)).isTrue();
        assertThat(newest()).isEqualTo(21);
    }

    /** The thread that installs replaces the folder while that which takes snapshots goes on, as in Ratis. */
    @Test
    void snapshotsAreTakenWhileOthersAreInstalled() throws Exception {
        AtomicLong installed = new AtomicLong();
        Semaphore adopted = new Semaphore(0);
        CompletableFuture<Void> installing = CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= INSTALLATIONS; i++) {
                store.handOver();
                install(i * 1_000L);
                installed.set(i * 1_000L);
                adopted.acquireUninterruptibly();
            }
        });

        long index = 0;
        while (!installing.isDone()) {
            long next = installed.getAndSet(0);
            if (next > 0) {
                store.adoptInstalled();
                assertThat(newest()).isEqualTo(next);
                index = next;
                adopted.release();
            }
            publish(++index);
            store.cleanupOldSnapshots(new SnapshotRetentionPolicy() {});
        }
        installing.join();
    }

    private boolean publish(long index) throws IOException {
        Path checkpoint = store.newCheckpointFolder(position(index));
        Files.createDirectories(checkpoint);
        Files.writeString(checkpoint.resolve("000001.sst"), "state " + index);
        return store.publish(checkpoint, position(index), index);
    }

    /** As {@code SnapshotManager.rename} of Ratis does. */
    private void install(long index) {
        try {
            Path received = data.resolve("received");
            Path file = received.resolve("1_" + index).resolve("000001.sst");
            Files.createDirectories(file.getParent());
            Files.writeString(file, "state " + index);
            MD5FileUtil.computeAndSaveMd5ForFile(file.toFile());
            Path replaced = data.resolve("snapshots.tmp" + index);
            Files.move(data.resolve("snapshots"), replaced);
            Files.move(received, data.resolve("snapshots"));
            Folders.delete(replaced);
        } catch (IOException e) {
            throw new IllegalStateException("snapshot " + index + " could not be installed", e);
        }
    }

    private long newest() {
        SnapshotStore.Snapshot newest = store.latest();
        return newest == null ? -1 : newest.position().getIndex();
    }

    private static TermIndex position(long index) {
        return TermIndex.valueOf(1, index);
    }
}
