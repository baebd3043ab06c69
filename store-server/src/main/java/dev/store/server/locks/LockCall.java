package dev.store.server.locks;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.LockResponse;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.TxnResult;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.LockGuards;
import dev.store.raft.keyspace.LockQueue;
import dev.store.raft.keyspace.Scope;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.LockOwnerRecord;
import dev.store.raft.v1.RevokeLease;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call that asks for a lock.
 *
 * <p>An entry belongs to the call that changed its owner record last. Only that call may be answered with a grant, and
 * only it may take the entry out again: so a call that was canceled on one member never takes away what another member
 * has granted to the caller's next attempt.
 */
final class LockCall extends WaitingCall<LockResponse> {
    private static final int ATTACH_TRIES = 8;

    private final LockAsk ask;
    private final LockParts parts;
    private volatile @Nullable Place place;
    private volatile boolean keepsLease;

    /**
     * Where the call stands.
     *
     * @param token token of the entry
     * @param ownerRevision revision at which this call became the one that speaks for it
     * @param mayWithdraw whether nobody can have been told that the entry holds
     */
    private record Place(long token, long ownerRevision, boolean mayWithdraw) {}

    LockCall(LockAsk ask, LockParts parts, StreamObserver<LockResponse> observer) {
        super(observer, parts.waits(), ask.waitMs());
        this.ask = ask;
        this.parts = parts;
    }

    @Override
    void begin() {
        int size = parts.queues().read(ask.lock(), Queue::size);
        if (size >= dev.store.api.Limits.LOCK_QUEUE) {
            throw new StoreException(
                    ErrorCode.OVERLOADED,
                    "lock \"" + ask.lock().name() + "\": " + size + " hold it or wait (expected: fewer than "
                            + dev.store.api.Limits.LOCK_QUEUE + ")");
        }
        if (ask.waitMs() == 0 && ask.queue().kind() == LockQueue.Kind.SEMAPHORE) {
            then(parts.records().fresh(ReadOptions.getDefaultInstance()), revision -> trySemaphore());
        } else {
            enter();
        }
    }

    private void trySemaphore() {
        boolean full = parts.queues()
                .read(
                        ask.lock(),
                        queue -> queue.permits() == ask.queue().permits() && queue.holders() >= queue.permits());
        if (full) {
            // Unless the owner holds one itself.
            then(parts.records().reads().brief(ReadOptions.getDefaultInstance(), this::owner), owner -> {
                if (owner == null) {
                    fail(tooLate());
                } else {
                    enter();
                }
            });
        } else {
            enter();
        }
    }

    private void enter() {
        then(parts.records().commit(LockCommands.enter(ask)), this::entered);
    }

    private void entered(CommandResult result) {
        TxnResult txn = result.getTxn();
        if (!txn.getSucceeded()) {
            notEntered(txn);
            return;
        }
        KeyValue owner = LockOps.found(txn, 2).orElseThrow();
        if (LockOps.owner(owner.getValue()).getCall() != ask.call()) {
            // The kept answer to an earlier attempt of the same operation, whose call may be about to withdraw.
            attach(owner, 1);
            return;
        }
        stand(new Place(LockCommands.token(txn), result.getRevision(), true));
        if (LockCommands.served(ask, txn)) {
            grant(result.getRevision());
        } else {
            await();
        }
    }

    private void notEntered(TxnResult txn) {
        KeyValue owner = LockOps.found(txn, 0).orElse(null);
        Heads heads = Heads.of(txn, 1);
        if (owner != null) {
            attach(owner, 1);
        } else if (heads.conflict(ask.queue()).isPresent()) {
            fail(mismatch(heads.conflict(ask.queue()).get()));
        } else {
            fail(heads.notInTime(ask.lock().name(), ask.waitMs()));
        }
    }

    /** Finds the entry of an earlier call of this owner, and speaks for it from now on. */
    private void attach(KeyValue owner, int attempt) {
        LockOwnerRecord found = LockOps.owner(owner.getValue());
        if (!found.getQueue().equals(ask.queue().part())) {
            fail(mismatch(LockQueue.of(found.getQueue())));
            return;
        }
        then(parts.records().commit(LockCommands.attach(ask, owner)), result -> {
            if (result.getTxn().getSucceeded()) {
                stand(new Place(owner.getCreateRevision(), result.getRevision(), false));
                check();
                return;
            }
            KeyValue changed = LockOps.found(result.getTxn(), 0).orElse(null);
            if (changed == null) {
                fail(lost("it was taken out of the queue"));
            } else if (attempt == ATTACH_TRIES) {
                fail(lost("other calls of the same owner ask at the same time"));
            } else {
                attach(changed, attempt + 1);
            }
        });
    }

    private void stand(Place found) {
        place = found;
        if (hasEnded()) {
            var unused = withdraw();
        }
    }

    private void await() {
        Place standing = standing();
        limitTime();
        keepOwnLease();
        CompletableFuture<QueueView.Turn> turn = parts.queues().await(ask.lock(), standing.token);
        onEnd(() -> turn.cancel(false));
        then(turn, outcome -> {
            switch (outcome) {
                case HOLDS -> check();
                case GONE -> fail(lost("its lease has ended, or it was taken out of the queue"));
            }
        });
    }

    /** The caller cannot keep alive a lease whose id it will only learn with the answer. */
    private void keepOwnLease() {
        if (ask.ownLease() && !keepsLease) {
            keepsLease = true;
            later(ask.ttlMs() * 1_000_000L / 3, this::renewOwnLease);
        }
    }

    private void renewOwnLease() {
        // A failure shows when the lease ends: the entry is then gone.
        var unused = parts.replica()
                .keepAlive(ask.lock().namespace(), java.util.List.of(ask.leaseId()))
                .whenComplete((reply, failure) -> later(ask.ttlMs() * 1_000_000L / 3, this::renewOwnLease));
    }

    /** What the keyspace says of the entry now. */
    private record Standing(@Nullable KeyRecord owner, boolean holds, long revision) {}

    /** Nobody is told of a grant before a majority has confirmed that the entry is still there. */
    private void check() {
        Place standing = standing();
        then(
                parts.records()
                        .reads()
                        .brief(
                                ReadOptions.getDefaultInstance(),
                                view -> new Standing(owner(view), holds(view, standing.token), view.revision())),
                now -> {
                    if (now.owner == null || now.owner.createRevision() != standing.token) {
                        fail(lost("its lease has ended, or it was taken out of the queue"));
                    } else if (now.owner.modRevision() != standing.ownerRevision) {
                        fail(lost("a later call of the same owner speaks for it"));
                    } else if (now.holds) {
                        grant(now.revision);
                    } else {
                        // An entry that does not hold yet was promised to nobody.
                        stand(new Place(standing.token, standing.ownerRevision, true));
                        await();
                    }
                });
    }

    private @Nullable KeyRecord owner(KeyspaceView view) {
        return view.get(Scope.records(ask.lock().namespace()).key(ask.ownerKey()), 0)
                .orElse(null);
    }

    private boolean holds(KeyspaceView view, long token) {
        return LockGuards.holding(view, ask.lock().namespace(), ask.lock().name(), token)
                .isPresent();
    }

    private void grant(long revision) {
        answer(LockResponse.newBuilder()
                .setHeader(parts.headers().at(revision))
                .setToken(standing().token)
                .setLeaseId(ask.leaseId())
                .build());
    }

    private Place standing() {
        return java.util.Objects.requireNonNull(place, "no place in the queue");
    }

    @Override
    CompletableFuture<?> withdraw() {
        Place standing = place;
        if (standing == null || !standing.mayWithdraw) {
            return CompletableFuture.completedFuture(null);
        }
        return parts.records()
                .commit(LockCommands.withdraw(ask, standing.token, standing.ownerRevision))
                .thenCompose(result -> result.getTxn().getSucceeded() && ask.ownLease()
                        ? endLease(parts, ask.lock().namespace(), ask.leaseId())
                        : CompletableFuture.completedFuture(null));
    }

    /** Ends a lease that was granted together with an entry; it may have ended by itself. */
    static CompletableFuture<?> endLease(LockParts parts, String namespace, long leaseId) {
        return parts.records()
                .commit(Command.newBuilder()
                        .setNamespace(namespace)
                        .setRevokeLease(RevokeLease.newBuilder().setLeaseId(leaseId))
                        .build())
                .handle((done, failure) -> null);
    }

    @Override
    StoreException tooLate() {
        Entry holder = parts.queues().read(ask.lock(), Queue::first);
        return LockErrors.notInTime(ask, holder);
    }

    private StoreException lost(String why) {
        return LockErrors.lost(ask, why);
    }

    private StoreException mismatch(LockQueue present) {
        return LockErrors.mismatch(ask, present);
    }
}
