package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnOp;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.server.edge.Replies;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lines of keys with one prefix, of which the oldest has the lock or is elected: what etcd's client library makes of the
 * plain keyspace (clientv3/concurrency), so that its users stand in the same lines as those who call the services. The key
 * is the prefix with the lease in hexadecimal.
 */
final class Line {
    /** What etcd gives a session that names no lease. */
    private static final long OWN_LEASE_SECONDS = 60;

    private final EtcdParts parts;
    private final EtcdLeases leases;
    private final Set<LineCall<?>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    Line(EtcdParts parts, EtcdLeases leases) {
        this.parts = parts;
        this.leases = leases;
    }

    /**
     * A place in a line.
     *
     * @param prefix what the keys of the line start with
     * @param madeAt revision at which the key was made
     * @param revision revision at which the place was known
     * @param value the value that the key had already, or the one it was given
     * @param alone whether nobody else was in the line at that revision; if not, that is to be looked for
     */
    record Place(
            ByteString prefix,
            ByteString key,
            long lease,
            long madeAt,
            long revision,
            ByteString value,
            boolean alone) {}

    /**
     * What a view shows of a line.
     *
     * @param before the key that is the youngest of those before the place; null if it is first
     * @param there whether the place is still there
     */
    record Sight(long revision, boolean there, @Nullable ByteString before) {}

    EtcdParts parts() {
        return parts;
    }

    static ByteString prefix(ByteString name) {
        return name.concat(ByteString.copyFromUtf8("/"));
    }

    /** Makes the key of a lease in a line, or finds it there. A lease of 0 has one granted. */
    CompletableFuture<Place> enter(ByteString prefix, long lease, ByteString value) {
        if (lease < 0) {
            throw EtcdErrors.leaseNotFound();
        }
        if (lease == 0) {
            return leases.grant(0, OWN_LEASE_SECONDS)
                    .thenCompose(
                            granted -> enter(prefix, granted.getGrantLease().getLeaseId(), value));
        }
        ByteString key = prefix.concat(ByteString.copyFromUtf8(Long.toHexString(lease)));
        TxnOp put = putOp(key, lease, value);
        Txn.Builder enter = Txn.newBuilder()
                .addCompares(TxnForm.madeAt(key, 0))
                .addThen(put)
                .addOtherwise(TxnOp.newBuilder()
                        .setRange(Range.newBuilder()
                                .setKeys(KeySelector.newBuilder().setKey(key))));
        // Whoever finds the line empty needs no second look, for which a follower would first have to apply the entry.
        Txn.Builder txn = Txn.newBuilder()
                .addCompares(TxnForm.noneOf(prefix))
                .addThen(put)
                .addOtherwise(TxnOp.newBuilder().setTxn(enter));
        return commit(txn).thenApply(result -> {
            long revision = result.getRevision();
            boolean alone = result.getTxn().getSucceeded();
            if (alone || result.getTxn().getResults(0).getTxn().getSucceeded()) {
                return new Place(prefix, key, lease, revision, revision, value, alone);
            }
            KeyValue present = result.getTxn()
                    .getResults(0)
                    .getTxn()
                    .getResults(0)
                    .getRange()
                    .getEntries(0);
            return new Place(prefix, key, lease, present.getCreateRevision(), revision, present.getValue(), false);
        });
    }

    /** Gives another value to a place; false if it is not there any more. */
    CompletableFuture<CommandResult> show(ByteString key, long madeAt, long lease, ByteString value) {
        return commit(Txn.newBuilder().addCompares(TxnForm.madeAt(key, madeAt)).addThen(putOp(key, lease, value)));
    }

    /** Leaves a place if it is there. */
    CompletableFuture<CommandResult> leave(ByteString key, long madeAt) {
        return commit(Txn.newBuilder()
                .addCompares(TxnForm.madeAt(key, madeAt))
                .addThen(TxnOp.newBuilder()
                        .setDelete(Delete.newBuilder()
                                .setKeys(KeySelector.newBuilder().setKey(key)))));
    }

    /** Looks who stands before a place, as soon as this member has applied a revision. */
    CompletableFuture<Sight> look(Place place, long atLeastRevision) {
        return parts.reads().large(EtcdLeases.atLeast(atLeastRevision), view -> sight(view, place));
    }

    private static Sight sight(KeyspaceView view, Place place) {
        ByteString before = null;
        boolean there = false;
        long youngest = 0;
        try (KeyspaceView.KeyCursor cursor = view.scan(KeySelection.prefix(place.prefix), 0)) {
            while (cursor.next()) {
                long madeAt = cursor.keyRecord().createRevision();
                ByteString key = ScopedKey.key(cursor.scopedKey());
                if (madeAt == place.madeAt && key.equals(place.key)) {
                    there = true;
                } else if (madeAt < place.madeAt && madeAt > youngest) {
                    youngest = madeAt;
                    before = key;
                }
            }
        }
        return new Sight(view.revision(), there, before);
    }

    /** Takes in a call that may wait. */
    void admit(LineCall<?> call) {
        if (waiting.size() >= Limits.LOCK_WAITS_PER_MEMBER) {
            throw new StoreException(
                    ErrorCode.OVERLOADED,
                    "calls that wait: " + waiting.size() + " (expected: fewer than " + Limits.LOCK_WAITS_PER_MEMBER
                            + ")");
        }
        waiting.add(call);
        if (stopped) {
            call.stop();
        }
    }

    void ended(LineCall<?> call) {
        waiting.remove(call);
    }

    /** Ends all calls that wait; their keys stay, so that they find them again when they ask another member. */
    void stop() {
        stopped = true;
        waiting.forEach(LineCall::stop);
    }

    private CompletableFuture<CommandResult> commit(Txn.Builder txn) {
        Command command = Command.newBuilder()
                .setNamespace(ScopedKey.DEFAULT_NAMESPACE)
                .setTxn(txn)
                .build();
        return parts.origin().before(() -> parts.replica().propose(command)).thenApply(Replies::successful);
    }

    private static TxnOp putOp(ByteString key, long lease, ByteString value) {
        Put put = Put.newBuilder().setKey(key).setValue(value).setLeaseId(lease).build();
        dev.store.raft.keyspace.Requests.put(put);
        return TxnOp.newBuilder().setPut(put).build();
    }
}
