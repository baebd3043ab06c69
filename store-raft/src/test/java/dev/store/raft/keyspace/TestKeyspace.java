package dev.store.raft.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Range;
import dev.store.api.v1.RangeResult;
import dev.store.raft.lease.LeaseObserver;
import dev.store.raft.storage.OrderedStore;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LogBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A keyspace with a log of its own: each call of {@link #apply} is the next entry. */
final class TestKeyspace {
    final StoredKeyspace keyspace;
    final List<RevisionEvents> events = new ArrayList<>();
    long wallTimeMs = 1_000_000;
    long leaseTimeMs = 1_000;

    TestKeyspace(OrderedStore store) {
        AppliedListener listener = new AppliedListener() {
            @Override
            public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {
                events.addAll(revisions);
            }

            @Override
            public void onSnapshotInstalled(long currentRevision, long compactRevision) {}
        };
        this.keyspace = StoredKeyspace.open(
                store, new StoredKeyspace.Observers(listener, LeaseObserver.NONE, Runnable::run, failure -> {
                    throw new AssertionError(failure);
                }));
    }

    /** Applies the commands as one entry. */
    List<CommandResult> applyAll(Command... commands) {
        LogPosition next = new LogPosition(1, keyspace.applied().index() + 1);
        return keyspace.apply(next, batch(commands));
    }

    LogBatch batch(Command... commands) {
        return LogBatch.newBuilder()
                .setWallTimeMs(wallTimeMs)
                .setLeaseTimeMs(leaseTimeMs)
                .addAllCommands(List.of(commands))
                .build();
    }

    /** Applies one command as an entry of its own. */
    CommandResult apply(Command command) {
        return applyAll(command).get(0);
    }

    Optional<KeyRecord> get(String key) {
        return get(key, 0);
    }

    Optional<KeyRecord> get(String key, long revision) {
        try (KeyspaceView view = keyspace.view()) {
            Optional<KeyRecord> found = view.get(Commands.scoped(key), revision);
            if (revision == 0) {
                // The short way must never tell anything else.
                assertThat(keyspace.newest(Commands.scoped(key)))
                        .isEqualTo(new Keyspace.Newest(view.revision(), found.orElse(null)));
            }
            return found;
        }
    }

    Optional<String> value(String key) {
        return get(key).map(found -> found.value().toStringUtf8());
    }

    RangeResult range(Range.Builder range) {
        try (KeyspaceView view = keyspace.view()) {
            Requests.range(range.build());
            return view.range("", range.build());
        }
    }

    List<String> keys(Range.Builder range) {
        return range(range).getEntriesList().stream()
                .map(KeyValue::getKey)
                .map(ByteString::toStringUtf8)
                .toList();
    }
}
