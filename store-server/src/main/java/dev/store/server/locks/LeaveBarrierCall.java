package dev.store.server.locks;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.LeaveBarrierResponse;
import dev.store.raft.v1.CommandResult;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** One call that leaves a double barrier: goes out at once, then waits until all others are out. */
final class LeaveBarrierCall extends WaitingCall<LeaveBarrierResponse> {
    private final BarrierCommands.Party party;
    private final LockParts parts;
    private final long waitMs;

    LeaveBarrierCall(
            BarrierCommands.Party party, long waitMs, LockParts parts, StreamObserver<LeaveBarrierResponse> observer) {
        super(observer, parts.waits(), waitMs);
        this.party = party;
        this.parts = parts;
        this.waitMs = waitMs;
    }

    @Override
    void begin() {
        then(parts.records().commit(BarrierCommands.leave(party)), this::left);
    }

    private void left(CommandResult result) {
        long openSince = LockOps.found(result.getTxn(), 2)
                .map(KeyValue::getCreateRevision)
                .orElse(0L);
        if (openSince == 0 || waitMs == 0) {
            done(result.getRevision());
            return;
        }
        limitTime();
        CompletableFuture<Long> empty = parts.gatherings()
                .await(
                        party.barrier(),
                        result.getRevision(),
                        state -> (state.openSince != openSince || state.parties.isEmpty()) ? state.revision : null);
        onEnd(() -> empty.cancel(false));
        then(empty, revision -> done(Math.max(revision, result.getRevision())));
    }

    private void done(long revision) {
        answer(LeaveBarrierResponse.newBuilder()
                .setHeader(parts.headers().at(revision))
                .build());
    }

    @Override
    CompletableFuture<?> withdraw() {
        return CompletableFuture.completedFuture(null); // What has left stays out.
    }

    @Override
    StoreException tooLate() {
        int inside = parts.gatherings().read(party.barrier(), state -> state.parties.size());
        return new StoreException(
                ErrorCode.WAIT_TIMEOUT,
                "barrier \"" + party.barrier().name() + "\": " + inside + " parties inside after " + waitMs
                        + " ms (expected: none)");
    }
}
