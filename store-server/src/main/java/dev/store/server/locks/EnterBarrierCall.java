package dev.store.server.locks;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.EnterBarrierResponse;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.TxnResult;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.keyspace.RecordKey;
import dev.store.raft.keyspace.Scope;
import dev.store.raft.v1.CommandResult;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call that enters a double barrier. The last party to come opens the barrier, by a record: so all know that they may
 * pass, whoever leaves meanwhile.
 */
final class EnterBarrierCall extends WaitingCall<EnterBarrierResponse> {
    /** How long the call that counted all parties may take to open, before others do. */
    private static final long HELP_NANOS = 1_000_000_000L;

    private final BarrierCommands.Party party;
    private final LockParts parts;
    private final long waitMs;
    private volatile long partyRevision;
    private volatile boolean helps;

    EnterBarrierCall(
            BarrierCommands.Party party, long waitMs, LockParts parts, StreamObserver<EnterBarrierResponse> observer) {
        super(observer, parts.waits(), waitMs);
        this.party = party;
        this.parts = parts;
        this.waitMs = waitMs;
    }

    @Override
    void begin() {
        then(parts.records().commit(BarrierCommands.enter(party)), this::entered);
    }

    private void entered(CommandResult result) {
        TxnResult txn = result.getTxn();
        if (!txn.getSucceeded()) {
            notEntered(result);
            return;
        }
        partyRevision = result.getRevision();
        if (hasEnded()) {
            var unused = withdraw();
        }
        if (txn.getResults(1).getRange().getCount() >= party.parties()) {
            then(parts.records().commit(BarrierCommands.open(party, partyRevision)), opened -> check());
        } else {
            awaitOpen();
        }
    }

    private void notEntered(CommandResult result) {
        TxnResult txn = result.getTxn();
        Optional<KeyValue> own = LockOps.found(txn, 0);
        Optional<KeyValue> open = LockOps.found(txn, 1);
        Optional<KeyValue> other = LockOps.found(txn, 2).or(() -> LockOps.found(txn, 3));
        if (own.isPresent() && open.isPresent()) {
            // An earlier call of this party came in; nobody is told what this one's end would change.
            pass(result.getRevision());
        } else if (other.isPresent()) {
            String number = RecordKey.parts(other.get().getKey(), 2).get(1);
            fail(new StoreException(
                    ErrorCode.LOCK_MISMATCH,
                    "parties: " + party.parties() + " (expected: " + number + ", for which others wait in barrier \""
                            + party.barrier().name() + "\")"));
        } else {
            awaitClosed(result.getRevision());
        }
    }

    /** Parties of the round before have not left yet. */
    private void awaitClosed(long revision) {
        limitTime();
        CompletableFuture<Boolean> closed = parts.gatherings()
                .await(
                        party.barrier(),
                        revision,
                        state -> (state.openSince == 0 || state.parties.isEmpty()) ? Boolean.TRUE : null);
        onEnd(() -> closed.cancel(false));
        then(closed, yes -> begin());
    }

    private void awaitOpen() {
        long since = partyRevision;
        limitTime();
        help();
        CompletableFuture<Boolean> opened = parts.gatherings().await(party.barrier(), since, state -> {
            if (state.openSince > since) {
                return Boolean.TRUE;
            }
            Long present = state.parties.get(party.key());
            return (present == null || present != since) ? Boolean.FALSE : null;
        });
        onEnd(() -> opened.cancel(false));
        then(opened, all -> check());
    }

    private void help() {
        if (!helps) {
            helps = true;
            later(HELP_NANOS, this::openIfAllAreIn);
        }
    }

    private void openIfAllAreIn() {
        boolean due = parts.gatherings()
                .read(party.barrier(), state -> state.openSince == 0 && state.parties.size() >= party.parties());
        if (due) {
            // If it fails, it is tried again.
            var unused = parts.records().commit(BarrierCommands.open(party, partyRevision));
        }
        later(HELP_NANOS, this::openIfAllAreIn);
    }

    private record Standing(@Nullable KeyRecord party, boolean open, long revision) {}

    /** Nobody passes whose lease has ended. */
    private void check() {
        then(
                parts.records().reads().brief(ReadOptions.getDefaultInstance(), view -> {
                    Scope scope = Scope.records(party.barrier().namespace());
                    return new Standing(
                            view.get(scope.key(party.key()), 0).orElse(null),
                            view.get(
                                            scope.key(BarrierCommands.openKey(
                                                    party.barrier().name())),
                                            0)
                                    .isPresent(),
                            view.revision());
                }),
                now -> {
                    if (now.party == null) {
                        fail(lost("its lease has ended, or it has left"));
                    } else if (now.party.modRevision() != partyRevision) {
                        fail(lost("a later call of the same owner speaks for it"));
                    } else if (now.open) {
                        pass(now.revision);
                    } else {
                        awaitOpen();
                    }
                });
    }

    private void pass(long revision) {
        answer(EnterBarrierResponse.newBuilder()
                .setHeader(parts.headers().at(revision))
                .build());
    }

    @Override
    CompletableFuture<?> withdraw() {
        long revision = partyRevision;
        return revision == 0
                ? CompletableFuture.completedFuture(null)
                : parts.records().commit(BarrierCommands.withdraw(party, revision));
    }

    @Override
    StoreException tooLate() {
        int inside = parts.gatherings().read(party.barrier(), state -> state.parties.size());
        return new StoreException(
                ErrorCode.WAIT_TIMEOUT,
                "barrier \"" + party.barrier().name() + "\": " + inside + " others inside after " + waitMs
                        + " ms (expected: " + party.parties() + " parties)");
    }

    private StoreException lost(String why) {
        return new StoreException(
                ErrorCode.LOCK_LOST,
                "barrier \"" + party.barrier().name() + "\": the party \"" + party.owner() + "\" under lease "
                        + party.leaseId() + " is lost: " + why);
    }
}
