package dev.store.server.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import dev.store.api.v1.Put;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.History;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.LogPosition;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.RecordKind;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.StoredKeyspace;
import dev.store.raft.lease.LeaseObserver;
import dev.store.raft.storage.RocksStore;
import dev.store.raft.storage.StorageOptions;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.LogBatch;
import dev.store.raft.watch.WatchSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed over a real keyspace in RocksDB. */
class RecordFeedTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final Copy copy = new Copy(EnumSet.of(RecordKind.INSTANCE));
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final RecordFeed feed = new RecordFeed(List.of(copy), failures::add);
    private final List<List<RevisionEvents>> missed = new ArrayList<>();
    private StoredKeyspace keyspace;
    private long index;
    private boolean deaf;

    @BeforeEach
    void openKeyspace() {
        AppliedListener listener = new AppliedListener() {
            @Override
            public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {
                if (deaf) {
                    missed.add(revisions);
                } else {
                    feed.onApplied(revisions, currentRevision, compactRevision);
                }
            }

            @Override
            public void onSnapshotInstalled(long currentRevision, long compactRevision) {}
        };
        RocksStore store = RocksStore.open(folder, StorageOptions.DEFAULT, problem -> {
            throw new AssertionError(problem);
        });
        keyspace = StoredKeyspace.open(
                store, new StoredKeyspace.Observers(listener, LeaseObserver.NONE, Runnable::run, failures::add));
    }

    @AfterEach
    void close() {
        feed.close();
        keyspace.close();
        assertThat(failures).isEmpty();
    }

    @Test
    void viewIsLoadedFromAllNamespacesAndThenKeptInStep() throws Exception {
        put("default", "a", "1");
        put("shop", "a", "2");
        apply(userPut("default", "user key"));
        feed.start(source());
        assertThat(reached(3)).isEqualTo(3);
        assertThat(copy.shown()).isEqualTo(Map.of("default/a", "1", "shop/a", "2"));

        put("shop", "a", "3");
        delete("default", "a");

        assertThat(reached(5)).isEqualTo(5);
        assertThat(copy.shown()).isEqualTo(Map.of("shop/a", "3"));
    }

    @Test
    void changesOfUserKeysMoveTheViewOnWithoutWakingIt() throws Exception {
        feed.start(source());
        reached(0);

        apply(userPut("default", "x"));

        assertThat(reached(1)).isEqualTo(1);
        assertThat(copy.calls()).isZero();
    }

    @Test
    void recordsOfOtherKindsAreNotShown() throws Exception {
        apply(RecordCommand.in("default")
                .put(RecordKey.of(RecordKind.CONFIG, "group", "name"), StringValue.of("1"))
                .build());
        feed.start(source());
        apply(RecordCommand.in("default")
                .put(RecordKey.of(RecordKind.CONFIG, "group", "name"), StringValue.of("2"))
                .build());

        reached(2);
        assertThat(copy.shown()).isEmpty();
    }

    @Test
    void afterASnapshotOfAnotherMemberTheViewShowsItsState() throws Exception {
        put("default", "a", "1");
        feed.start(source());
        reached(1);

        deaf = true;
        delete("default", "a");
        put("default", "b", "2");
        deaf = false;
        feed.onSnapshotInstalled(keyspace.revision(), 0);

        assertThat(reached(3)).isEqualTo(3);
        assertThat(copy.shown()).isEqualTo(Map.of("default/b", "2"));
    }

    @Test
    void whoWaitsForARevisionThatDoesNotComeIsTold() {
        feed.start(source());

        assertThatThrownBy(() -> feed.await(9, Duration.ofMillis(50)).get(20, TimeUnit.SECONDS))
                .hasMessageContaining("revision: 9 was not reached within 50 ms");
    }

    @Test
    void whoWaitsForAFeedThatWasNeverLoadedIsToldThatItIsNotReady() {
        CompletableFuture<Long> waiting = feed.await(0, Duration.ofMillis(50));

        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS)).hasMessageContaining("not loaded");
    }

    @Test
    void manyChangesArriveOnceEachAndInOrder() throws Exception {
        feed.start(source());
        for (int i = 1; i <= 500; i++) {
            put("default", "key" + i % 7, Integer.toString(i));
        }

        reached(500);
        assertThat(copy.revisions()).isSorted().doesNotHaveDuplicates();
        assertThat(copy.shown()).containsEntry("default/key3", "500");
    }

    private long reached(long revision) throws Exception {
        return feed.await(revision, SOON).get(30, TimeUnit.SECONDS);
    }

    private void put(String namespace, String id, String value) {
        apply(RecordCommand.in(namespace)
                .put(RecordKey.of(RecordKind.INSTANCE, id), StringValue.of(value))
                .build());
    }

    private void delete(String namespace, String id) {
        apply(RecordCommand.in(namespace)
                .delete(RecordKey.of(RecordKind.INSTANCE, id))
                .build());
    }

    private static Command userPut(String namespace, String key) {
        return Command.newBuilder()
                .setNamespace(namespace)
                .setPut(Put.newBuilder().setKey(ByteString.copyFromUtf8(key)))
                .build();
    }

    private void apply(Command command) {
        keyspace.apply(
                new LogPosition(1, ++index),
                LogBatch.newBuilder().addCommands(command).build());
    }

    private WatchSource source() {
        return new WatchSource() {
            @Override
            public History history() {
                return keyspace.history();
            }

            @Override
            public KeyspaceView view() {
                return keyspace.view();
            }
        };
    }

    /** Copies what it is told. */
    private static final class Copy implements RecordView {
        private final Set<RecordKind> kinds;
        private final TreeMap<String, String> loading = new TreeMap<>();
        private final TreeMap<String, String> shown = new TreeMap<>();
        private final List<Long> revisions = new ArrayList<>();

        Copy(Set<RecordKind> kinds) {
            this.kinds = kinds;
        }

        synchronized Map<String, String> shown() {
            return new TreeMap<>(shown);
        }

        synchronized List<Long> revisions() {
            return List.copyOf(revisions);
        }

        synchronized int calls() {
            return revisions.size();
        }

        @Override
        public Set<RecordKind> kinds() {
            return kinds;
        }

        @Override
        public synchronized void loading() {
            loading.clear();
        }

        @Override
        public synchronized void load(String namespace, RecordKind kind, ByteString key, KeyRecord present) {
            loading.put(name(namespace, key), text(present));
        }

        @Override
        public synchronized void loaded(long revision) {
            shown.clear();
            shown.putAll(loading);
        }

        @Override
        public synchronized void apply(long revision, List<RecordChange> changes) {
            revisions.add(revision);
            for (RecordChange change : changes) {
                KeyRecord current = change.current();
                if (current == null) {
                    shown.remove(name(change.namespace(), change.key()));
                } else {
                    shown.put(name(change.namespace(), change.key()), text(current));
                }
            }
        }

        private static String name(String namespace, ByteString key) {
            return namespace + "/" + RecordKey.parts(key, 1).get(0);
        }

        private static String text(KeyRecord present) {
            try {
                return StringValue.parseFrom(present.value()).getValue();
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
    }
}
