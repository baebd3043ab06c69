package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.LogAppender;
import org.jspecify.annotations.Nullable;

/**
 * Proves that this member still leads, for all reads that wait at the same time (the ReadIndex of the Raft dissertation,
 * section 6.4).
 *
 * <p>Ratis' own linearizable read skips this proof while nothing new is committed and so answers stale on a leader that
 * was cut off. Here a round notes the commit index, then the number of the next request to each follower, has heartbeats
 * sent, and ends when a majority, this member included, has answered requests of at least those numbers in this term.
 * Only one round runs at a time; who comes meanwhile shares the next one.
 */
final class ReadBarrier {
    /** Kicks of others before a follower that is silent is kicked again. */
    private static final int KICKS_BETWEEN_SILENT = 5;

    private static final long FIRST_AGAIN_MS = 3;
    private static final long LAST_AGAIN_MS = 24;

    private final Supplier<RaftServer.Division> division;
    private final Leadership leadership;
    private final Appenders appenders;
    private final ScheduledExecutorService timer;
    private final Executor replies;
    private final Duration timeout;
    private final long silentAfterMs;

    private final Object lock = new Object();
    private List<CompletableFuture<Long>> waiting = new ArrayList<>();
    private volatile @Nullable Round round;

    ReadBarrier(
            Supplier<RaftServer.Division> division,
            Leadership leadership,
            Appenders appenders,
            ScheduledExecutorService timer,
            Executor replies,
            Duration electionMax) {
        this.division = division;
        this.leadership = leadership;
        this.appenders = appenders;
        this.timer = timer;
        this.replies = replies;
        this.timeout = Duration.ofMillis(Math.max(1_000, 2 * electionMax.toMillis()));
        this.silentAfterMs = electionMax.toMillis();
        appenders.onReply(this::replied);
    }

    /**
     * Completes with a commit index known before the proof, or fails with {@code NO_LEADER}. Completed on the executor of
     * replies.
     */
    CompletableFuture<Long> readIndex() {
        CompletableFuture<Long> future = new CompletableFuture<>();
        synchronized (lock) {
            waiting.add(future);
            if (round == null) {
                startRound();
            }
        }
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

    private void startRound() {
        List<CompletableFuture<Long>> readers = waiting;
        waiting = new ArrayList<>();
        Leadership.Term term = leadership.current();
        RaftServer.Division raft = division.get();
        if (term == null || !raft.getInfo().isLeaderReady() || raft.getInfo().getCurrentTerm() != term.number()) {
            failAll(readers, "this member is not the leader");
            return;
        }
        Round next = new Round(term.number(), raft.getRaftLog().getLastCommittedIndex(), readers);
        next.aim(raft.getRaftConf());
        if (next.proven()) {
            complete(next);
            return;
        }
        round = next;
        next.kick();
        var unused = timer.schedule(() -> again(next, 2 * FIRST_AGAIN_MS), FIRST_AGAIN_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * A heartbeat that was asked for can be swallowed by data that is being sent, so it is asked for until it is seen; but
     * more and more rarely, because on a busy machine they would pile up before the answer that is waited for.
     */
    private void again(Round running, long afterMs) {
        synchronized (lock) {
            if (round != running) {
                return;
            }
            if (System.nanoTime() - running.startedAt > timeout.toNanos()) {
                failRound("a majority did not confirm this leader within " + timeout.toMillis() + " ms");
                startNext();
                return;
            }
            running.aim(division.get().getRaftConf());
            running.kick();
        }
        var unused = timer.schedule(
                () -> again(running, Math.min(2 * afterMs, LAST_AGAIN_MS)), afterMs, TimeUnit.MILLISECONDS);
    }

    private void replied(LogAppender appender, AppendEntriesReplyProto reply) {
        if (round == null || reply.getResult() != AppendResult.SUCCESS) {
            return;
        }
        synchronized (lock) {
            Round running = round;
            if (running == null || !running.acknowledged(appender, reply) || !running.proven()) {
                return;
            }
            round = null;
            complete(running);
            startNext();
        }
    }

    private void startNext() {
        if (!waiting.isEmpty()) {
            startRound();
        }
    }

    private void complete(Round done) {
        replies.execute(() -> done.readers.forEach(reader -> reader.complete(done.index)));
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

    /** What a follower must answer. */
    private static final class Need {
        final LogAppender appender;
        final long callId;
        boolean met;

        Need(LogAppender appender) {
            this.appender = appender;
            this.callId = appender.getCallId();
        }
    }

    private final class Round {
        final long term;
        final long index;
        final List<CompletableFuture<Long>> readers;
        final long startedAt = System.nanoTime();
        final Map<RaftPeerId, Need> needs = new LinkedHashMap<>();
        private Collection<RaftPeer> voters = List.of();
        private Collection<RaftPeer> previousVoters = List.of();
        private int kicks;

        Round(long term, long index, List<CompletableFuture<Long>> readers) {
            this.term = term;
            this.index = index;
            this.readers = readers;
        }

        /** Notes the number of the next request to each follower, anew where an appender was replaced. */
        void aim(RaftConfiguration configuration) {
            voters = configuration.getCurrentPeers();
            Collection<RaftPeer> previous = configuration.getPreviousPeers();
            previousVoters = previous == null ? List.of() : previous;
            voters.forEach(this::aim);
            previousVoters.forEach(this::aim);
        }

        private void aim(RaftPeer voter) {
            LogAppender appender = appenders.of(voter.getId());
            if (appender != null && !isSelf(voter)) {
                Need need = needs.get(voter.getId());
                if (need == null || (need.appender != appender && !need.met)) {
                    needs.put(voter.getId(), new Need(appender));
                }
            }
        }

        void kick() {
            kicks++;
            for (Need need : needs.values()) {
                boolean silent =
                        need.appender.getFollower().getLastRpcResponseTime().elapsedTimeMs() > silentAfterMs;
                if (!need.met && (!silent || kicks % KICKS_BETWEEN_SILENT == 0)) {
                    need.appender.triggerHeartbeat();
                }
            }
        }

        boolean acknowledged(LogAppender appender, AppendEntriesReplyProto reply) {
            Need need = needs.get(appender.getFollowerId());
            if (need == null || need.appender != appender || need.met || reply.getTerm() != term) {
                return false;
            }
            long callId = reply.getServerReply().getCallId();
            need.met = appender.getCallIdComparator().compare(callId, need.callId) >= 0;
            return need.met;
        }

        boolean proven() {
            return majority(voters) && (previousVoters.isEmpty() || majority(previousVoters));
        }

        private boolean majority(Collection<RaftPeer> set) {
            long met = set.stream()
                    .filter(voter -> {
                        Need need = needs.get(voter.getId());
                        return isSelf(voter) || (need != null && need.met);
                    })
                    .count();
            return 2 * met > set.size();
        }

        private boolean isSelf(RaftPeer voter) {
            return voter.getId().equals(division.get().getId());
        }
    }
}
