package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes linearizable reads of this member wait until it is fresh enough: it asks the leader for an index, once for all
 * readers that wait, and applies up to there.
 *
 * <p>A reader never shares a call that was sent before it came: the index of such a call may be older than a write that
 * was acknowledged before the reader came. So who comes while a call is under way waits for the next one. What readers
 * share is the call, not its failure: each goes on for as long as its own patience lasts, with whichever call is next.
 */
final class FreshReads {
    /** Between attempts while there is no leader. */
    private static final long PAUSE_MS = 25;

    /** A call that is not answered for so long is not waited for any more: another leader may answer the next one. */
    static final Duration OVERTAKEN_AFTER = Duration.ofMillis(250);

    /** Each call that overtakes another is given twice the time, up to so many times the first. */
    private static final int MOST_PATIENCE = 4;

    private final Supplier<CompletableFuture<Long>> readIndex;
    private final AppliedIndex applied;
    private final ScheduledExecutorService timer;
    private final long overtakenAfterMs;

    private final Object lock = new Object();
    /** Readers who need a call that is not sent yet. */
    private List<Reader> waiting = new ArrayList<>();
    /** The call whose answer, or whose pause after failing, those who wait are waiting for. */
    private @Nullable Round current;

    private record Reader(long deadline, CompletableFuture<Void> fresh) {}

    /** One call, and who shares it. */
    private static final class Round {
        final List<Reader> readers;
        final long overtakenAfterMs;
        volatile @Nullable ScheduledFuture<?> overtaking;
        /** Whether somebody has gone on after this round; guarded by the lock. */
        boolean settled;

        Round(List<Reader> readers, long overtakenAfterMs) {
            this.readers = readers;
            this.overtakenAfterMs = overtakenAfterMs;
        }
    }

    /**
     * @param readIndex asks the leader once; a failure is one of the future
     * @param overtakenAfter how long a call is waited for before another one is made
     */
    FreshReads(
            Supplier<CompletableFuture<Long>> readIndex,
            AppliedIndex applied,
            ScheduledExecutorService timer,
            Duration overtakenAfter) {
        this.readIndex = readIndex;
        this.applied = applied;
        this.timer = timer;
        this.overtakenAfterMs = overtakenAfter.toMillis();
    }

    /** Completes when this member shows everything that was acknowledged before the call. */
    CompletableFuture<Void> await(Duration patience) {
        Reader reader = new Reader(System.nanoTime() + patience.toNanos(), new CompletableFuture<>());
        Round next;
        synchronized (lock) {
            waiting.add(reader);
            if (current != null) {
                return reader.fresh;
            }
            next = begin(overtakenAfterMs);
        }
        send(next);
        return reader.fresh;
    }

    /** Takes all who wait into a round; called with the lock. */
    private Round begin(long patienceMs) {
        Round round = new Round(waiting, patienceMs);
        waiting = new ArrayList<>();
        current = round;
        return round;
    }

    private void send(Round round) {
        CompletableFuture<Long> answer = readIndex.get();
        if (!answer.isDone() && !timer.isShutdown()) {
            round.overtaking = timer.schedule(() -> overtake(round), round.overtakenAfterMs, TimeUnit.MILLISECONDS);
        }
        var unused = answer.whenComplete((index, failure) -> {
            ScheduledFuture<?> overtaking = round.overtaking;
            if (overtaking != null) {
                overtaking.cancel(false);
            }
            if (failure == null) {
                succeeded(round, index);
            } else {
                failed(round, GrpcErrors.fromGrpc(failure));
            }
        });
    }

    private void succeeded(Round round, long index) {
        // First the next call, so that it is under way while these readers are served.
        if (settle(round)) {
            next(round, overtakenAfterMs);
        }
        long now = System.nanoTime();
        long longest = round.readers.stream()
                .mapToLong(reader -> reader.deadline - now)
                .max()
                .orElse(0);
        var unused = applied.awaitIndex(index, Duration.ofNanos(Math.max(1_000_000, longest)))
                .whenComplete((done, failure) -> round.readers.forEach(reader -> {
                    if (failure == null) {
                        reader.fresh.complete(null);
                    } else {
                        reader.fresh.completeExceptionally(failure);
                    }
                }));
    }

    private void failed(Round round, StoreException error) {
        if (!settle(round)) {
            return;
        }
        boolean passing = error.code() == ErrorCode.NO_LEADER || error.code() == ErrorCode.UNREACHABLE;
        if (passing && !timer.isShutdown()) {
            again(round, error);
            // The round stays the current one for the pause, so that nobody asks meanwhile where there is no leader.
            var unused = timer.schedule(() -> next(round, overtakenAfterMs), PAUSE_MS, TimeUnit.MILLISECONDS);
        } else {
            next(round, overtakenAfterMs);
            round.readers.forEach(reader -> reader.fresh.completeExceptionally(error));
        }
    }

    /** The leader does not answer. Its readers take part in the next call too; the first answer counts. */
    private void overtake(Round round) {
        if (settle(round)) {
            again(round, new StoreException(ErrorCode.NO_LEADER, "no leader: no answer of the leader in time"));
            next(round, Math.min(2 * round.overtakenAfterMs, MOST_PATIENCE * overtakenAfterMs));
        }
    }

    /** Whether it is up to the caller to go on after this round; that is so once. */
    private boolean settle(Round round) {
        synchronized (lock) {
            boolean first = !round.settled;
            round.settled = true;
            return first;
        }
    }

    /** Lets readers wait for another call, if they still have patience. */
    private void again(Round round, StoreException error) {
        long soon = System.nanoTime() + PAUSE_MS * 1_000_000;
        StoreException told = error.code() == ErrorCode.UNREACHABLE
                ? new StoreException(ErrorCode.NO_LEADER, "the leader cannot be reached: " + error.getMessage())
                : error;
        List<Reader> late = new ArrayList<>();
        synchronized (lock) {
            for (Reader reader : round.readers) {
                (soon - reader.deadline >= 0 ? late : waiting).add(reader);
            }
        }
        late.forEach(reader -> reader.fresh.completeExceptionally(told));
    }

    /** The call after a round that is settled, if anybody waits for one. */
    private void next(Round round, long patienceMs) {
        Round next;
        synchronized (lock) {
            if (current != round) {
                return;
            }
            if (waiting.isEmpty()) {
                current = null;
                return;
            }
            next = begin(patienceMs);
        }
        send(next);
    }
}
