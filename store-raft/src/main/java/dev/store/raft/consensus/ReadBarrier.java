package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Proves that this member still leads, for all reads that wait at the same time (the ReadIndex of the Raft dissertation,
 * section 6.4).
 *
 * <p>Ratis' own linearizable read skips this proof while nothing new is committed and so answers stale on a leader that
 * was cut off. Here the proof is that a majority, this member included, is in this leader's term at a moment after the
 * reader came. A member moves to a later term before it votes in it, and any two majorities have a member in common: so
 * until that moment nobody was elected in a later term, nothing was acknowledged that this member does not know of, and
 * its commit index, noted meanwhile, is fresh enough.
 *
 * <p>A follower that asks for its own readers says itself how it stands. With three members that is all the proof that is
 * needed, and it is answered at once. Otherwise as many voters as are needed are asked, those first who answered last;
 * only one round runs at a time, and who comes meanwhile shares the next one.
 */
final class ReadBarrier {
    /** One that was asked has not answered for so long: all others are asked too, and again after longer. */
    private static final long ALL_AFTER_MS = 5;

    private static final long AGAIN_AFTER_MS = 25;

    /** A call that is under way for so long does not keep a voter from being asked again. */
    private static final long LOST_AFTER_MS = 250;

    private final String self;
    private final Supplier<@Nullable Lead> lead;
    private final Function<String, CompletableFuture<Standing>> voters;
    private final ScheduledExecutorService timer;
    private final Executor replies;
    private final Duration timeout;

    private final Object lock = new Object();
    private final Map<String, Asked> underWay = new HashMap<>();
    private final Map<String, Long> answeredAt = new HashMap<>();
    private List<CompletableFuture<Long>> waiting = new ArrayList<>();
    private @Nullable Round round;
    private boolean watched;

    /**
     * What a leader knows.
     *
     * @param term in which it leads, and has committed an entry
     * @param committed its commit index; read before it was seen that it leads in this term
     * @param quorum who decides
     */
    record Lead(long term, long committed, Quorum quorum) {}

    private record Asked(Round round, long at) {}

    /**
     * @param lead what this member knows as a leader, or null if it does not lead
     * @param voters asks one how it stands; never throws
     */
    ReadBarrier(
            String self,
            Supplier<@Nullable Lead> lead,
            Function<String, CompletableFuture<Standing>> voters,
            ScheduledExecutorService timer,
            Executor replies,
            Duration electionMax) {
        this.self = self;
        this.lead = lead;
        this.voters = voters;
        this.timer = timer;
        this.replies = replies;
        this.timeout = Duration.ofMillis(Math.max(1_000, 2 * electionMax.toMillis()));
    }

    /**
     * Completes with an index that is fresh enough for whoever waited when the asker said how it stands, or fails with
     * {@code NO_LEADER}.
     */
    CompletableFuture<Long> readIndex(Standing asker) {
        Lead now = lead.get();
        boolean proven =
                now != null && asker.term() == now.term() && now.quorum().reachedBy(List.of(self, asker.member()));
        return proven ? CompletableFuture.completedFuture(now.committed()) : prove();
    }

    /**
     * Completes with a commit index known before a proof that begins after this call, or fails with {@code NO_LEADER}.
     * Completed on the executor of replies.
     */
    CompletableFuture<Long> prove() {
        CompletableFuture<Long> future = new CompletableFuture<>();
        Round begun;
        synchronized (lock) {
            waiting.add(future);
            begun = round == null ? begin() : null;
        }
        ask(begun, false);
        return future;
    }

    /** Leadership is lost: nobody need wait for the timeout. */
    void fail() {
        synchronized (lock) {
            failRound("leadership was lost");
            failAll(waiting, "leadership was lost");
            waiting = new ArrayList<>();
        }
    }

    /** Takes all who wait into a round; called with the lock. Null if there is nothing to ask. */
    private @Nullable Round begin() {
        List<CompletableFuture<Long>> readers = waiting;
        waiting = new ArrayList<>();
        Lead now = lead.get();
        if (now == null) {
            failAll(readers, "this member is not the leader");
            return null;
        }
        Round next = new Round(now, readers);
        next.confirmed.add(self);
        if (next.proven()) {
            complete(next);
            return null;
        }
        round = next;
        watch();
        return next;
    }

    /** Asks outside of the lock, since an answer may come before the call returns. */
    private void ask(@Nullable Round running, boolean everybody) {
        if (running == null) {
            return;
        }
        Asked asked = new Asked(running, System.nanoTime());
        List<String> chosen;
        synchronized (lock) {
            chosen = round == running ? choose(asked, everybody) : List.of();
        }
        for (String voter : chosen) {
            var unused = voters.apply(voter)
                    .whenComplete((standing, failure) -> answered(asked, voter, failure == null ? standing : null));
        }
    }

    private List<String> choose(Asked asked, boolean everybody) {
        Round running = asked.round;
        Set<String> expected = new HashSet<>(running.confirmed);
        List<String> free = new ArrayList<>();
        for (String voter : running.lead.quorum().all()) {
            Asked earlier = underWay.get(voter);
            if (earlier == null || asked.at - earlier.at >= TimeUnit.MILLISECONDS.toNanos(LOST_AFTER_MS)) {
                if (!expected.contains(voter)) {
                    free.add(voter);
                }
            } else if (earlier.round == running) {
                expected.add(voter);
            }
        }
        free.sort(Comparator.comparing((String voter) -> answeredAt.getOrDefault(voter, Long.MIN_VALUE))
                .reversed());
        List<String> chosen = new ArrayList<>();
        for (String voter : free) {
            if (!everybody && running.lead.quorum().reachedBy(expected)) {
                break;
            }
            expected.add(voter);
            chosen.add(voter);
            underWay.put(voter, asked);
        }
        return chosen;
    }

    private void answered(Asked asked, String voter, @Nullable Standing standing) {
        Round next;
        synchronized (lock) {
            underWay.remove(voter, asked);
            if (standing == null) {
                // Asking again at once would go on as long as nobody is there; the watch does it, more slowly.
                return;
            }
            answeredAt.put(voter, System.nanoTime());
            next = round;
            if (next != null && next == asked.round) {
                next = confirmed(next, voter, standing);
            }
        }
        ask(next, false);
    }

    /** Returns the round that is to be asked for after this answer, if any. */
    private @Nullable Round confirmed(Round running, String voter, Standing standing) {
        if (!standing.equals(new Standing(voter, running.lead.term()))) {
            return null;
        }
        running.confirmed.add(voter);
        if (!running.proven()) {
            return running;
        }
        round = null;
        complete(running);
        return waiting.isEmpty() ? null : begin();
    }

    private void watch() {
        if (!watched && !timer.isShutdown()) {
            watched = true;
            var unused = timer.schedule(this::look, ALL_AFTER_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        Round slow = null;
        boolean everybody = false;
        synchronized (lock) {
            watched = false;
            Round running = round;
            if (running == null) {
                return;
            }
            long now = System.nanoTime();
            if (now - running.startedAt > timeout.toNanos()) {
                failRound("a majority did not confirm this leader within " + timeout.toMillis() + " ms");
                slow = waiting.isEmpty() ? null : begin();
            } else if (now - running.allAskedAt > TimeUnit.MILLISECONDS.toNanos(running.patienceMs)) {
                running.allAskedAt = now;
                running.patienceMs = AGAIN_AFTER_MS;
                slow = running;
                everybody = true;
            }
            watch();
        }
        ask(slow, everybody);
    }

    private void complete(Round done) {
        replies.execute(() -> done.readers.forEach(reader -> reader.complete(done.lead.committed())));
    }

    private void failRound(String reason) {
        Round running = round;
        round = null;
        if (running != null) {
            failAll(running.readers, reason);
        }
    }

    private void failAll(List<CompletableFuture<Long>> readers, String reason) {
        if (!readers.isEmpty()) {
            StoreException error = new StoreException(ErrorCode.NO_LEADER, "no leader: " + reason);
            replies.execute(() -> readers.forEach(reader -> reader.completeExceptionally(error)));
        }
    }

    /** One proof, for all who wait for it. Guarded by the lock. */
    private static final class Round {
        final Lead lead;
        final List<CompletableFuture<Long>> readers;
        final Set<String> confirmed = new HashSet<>();
        final long startedAt = System.nanoTime();
        long allAskedAt = startedAt;
        long patienceMs = ALL_AFTER_MS;

        Round(Lead lead, List<CompletableFuture<Long>> readers) {
            this.lead = lead;
            this.readers = readers;
        }

        boolean proven() {
            return lead.quorum().reachedBy(confirmed);
        }
    }
}
