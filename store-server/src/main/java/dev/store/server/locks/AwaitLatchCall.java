package dev.store.server.locks;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.AwaitLatchResponse;
import dev.store.api.v1.ReadOptions;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** One call that waits until a latch has reached zero. */
final class AwaitLatchCall extends WaitingCall<AwaitLatchResponse> {
    /** In place of how many countdowns are to come. */
    private static final int GONE = -1;

    private final LockId latch;
    private final LockParts parts;
    private final long waitMs;

    AwaitLatchCall(LockId latch, long waitMs, LockParts parts, StreamObserver<AwaitLatchResponse> observer) {
        super(observer, parts.waits(), waitMs);
        this.latch = latch;
        this.parts = parts;
        this.waitMs = waitMs;
    }

    @Override
    void begin() {
        then(parts.records().fresh(ReadOptions.getDefaultInstance()), this::await);
    }

    private void await(long revision) {
        CompletableFuture<Integer> open = parts.gatherings().await(latch, 0, state -> {
            int remaining = state.latch == null ? GONE : state.latch.getRemaining();
            return remaining > 0 ? null : remaining;
        });
        onEnd(() -> open.cancel(false));
        if (!open.isDone()) {
            limitTime();
        }
        then(open, outcome -> {
            if (outcome == GONE) {
                fail(LatchCalls.notFound(latch));
            } else {
                long shown = parts.gatherings().read(latch, state -> state.revision);
                answer(AwaitLatchResponse.newBuilder()
                        .setHeader(parts.headers().at(Math.max(revision, shown)))
                        .build());
            }
        });
    }

    @Override
    CompletableFuture<?> withdraw() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    StoreException tooLate() {
        int remaining = parts.gatherings().read(latch, state -> state.latch == null ? 0 : state.latch.getRemaining());
        return new StoreException(
                ErrorCode.WAIT_TIMEOUT,
                "latch \"" + latch.name() + "\": " + remaining + " countdowns are still to come after " + waitMs
                        + " ms (expected: 0)");
    }
}
