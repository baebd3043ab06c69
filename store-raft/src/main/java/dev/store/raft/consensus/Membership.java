package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.v1.AddLearnerChange;
import dev.store.raft.v1.MembershipChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LogAppender;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes of the membership and of leadership, as the leader makes them. */
final class Membership {
    /** A learner may vote when it is no further behind than this. */
    static final long READY_GAP_ENTRIES = 1_000;

    private static final long KEEP_MOVING_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final RaftPort raft;
    private final Appenders appenders;
    private final VoterProbe probe;
    private final Runnable appendNothing;
    private final long silentAfterMs;
    private final long transferTimeoutMs;

    Membership(
            RaftPort raft,
            Appenders appenders,
            VoterProbe probe,
            ReplicaOptions.Timings timings,
            Runnable appendNothing) {
        this.raft = raft;
        this.appenders = appenders;
        this.probe = probe;
        this.appendNothing = appendNothing;
        this.silentAfterMs = 2 * timings.electionMax().toMillis();
        this.transferTimeoutMs = Math.max(2_000, 3 * timings.electionMax().toMillis());
    }

    /** Makes a change, and completes when the new configuration is in force. */
    CompletableFuture<Void> change(MembershipChange change) {
        try {
            return switch (change.getChangeCase()) {
                case ADD_LEARNER -> addLearner(change.getAddLearner());
                case PROMOTE -> promote(change.getPromote());
                case REMOVE -> remove(change.getRemove());
                case CHANGE_NOT_SET ->
                    throw new StoreException(
                            ErrorCode.INVALID_ARGUMENT, "membership change: none (expected: add, promote or remove)");
            };
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Void> addLearner(AddLearnerChange add) {
        PeerAddress address;
        try {
            address = new PeerAddress(add.getName(), add.getRaftEndpoint(), add.getClientEndpoint());
        } catch (IllegalArgumentException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, String.valueOf(e.getMessage()), Map.of(), e);
        }
        Configuration now = configuration();
        for (RaftPeer member : now.all()) {
            if (member.getId().toString().equals(address.name())) {
                throw new StoreException(
                        ErrorCode.MEMBER_EXISTS, "member \"" + address.name() + "\" exists (expected: a new name)");
            }
            if (member.getAddress().equals(address.raftEndpoint())) {
                throw new StoreException(
                        ErrorCode.MEMBER_EXISTS,
                        "raft endpoint " + address.raftEndpoint() + " belongs to member \"" + member.getId() + "\"");
            }
        }
        return set(
                now,
                now.with(as(RaftPeerRole.LISTENER, RaftPort.peer(address))),
                "it could not be reached or did not catch up; does it run, started to join, at "
                        + address.raftEndpoint() + "?");
    }

    private CompletableFuture<Void> promote(String name) {
        Configuration now = configuration();
        RaftPeer learner = now.learners().stream()
                .filter(peer -> peer.getId().toString().equals(name))
                .findAny()
                .orElseThrow(() -> notFound(name, "a learner"));
        requireReady(learner);
        Configuration next = now.without(learner).with(as(RaftPeerRole.FOLLOWER, learner));
        return probe.answering(next.voters()).thenCompose(probed -> {
            if (!probed.contains(name)) {
                throw new StoreException(
                        ErrorCode.LEARNER_NOT_READY,
                        "learner \"" + name + "\" does not answer (expected: an answer within "
                                + VoterProbe.LIMIT.toMillis() + " ms)");
            }
            requireMajority("with \"" + name + "\"", next.voters(), probed);
            return set(now, next, "learner \"" + name + "\" did not catch up");
        });
    }

    private void requireReady(RaftPeer learner) {
        FollowerInfo state = follower(learner.getId());
        long committed = raft.division().getRaftLog().getLastCommittedIndex();
        if (state == null || silent(state) || state.getMatchIndex() + READY_GAP_ENTRIES < committed) {
            String behind = state == null || silent(state)
                    ? "does not answer"
                    : "has " + state.getMatchIndex() + " of " + committed + " log entries";
            throw new StoreException(
                    ErrorCode.LEARNER_NOT_READY,
                    "learner \"" + learner.getId() + "\" " + behind + " (expected: at most " + READY_GAP_ENTRIES
                            + " behind)");
        }
    }

    private CompletableFuture<Void> remove(String name) {
        Configuration now = configuration();
        RaftPeer gone = now.all().stream()
                .filter(peer -> peer.getId().toString().equals(name))
                .findAny()
                .orElseThrow(() -> notFound(name, "a member"));
        Configuration next = now.without(gone);
        if (now.learners().contains(gone)) {
            return set(now, next, "the change was not accepted");
        }
        return probe.answering(next.voters()).thenCompose(probed -> {
            requireMajority("without \"" + name + "\"", next.voters(), probed);
            if (gone.getId().equals(raft.self())) {
                // The next leader does it: the caller's retry finds it there.
                return transfer("")
                        .thenCompose(leader -> CompletableFuture.failedFuture(new StoreException(
                                ErrorCode.NO_LEADER,
                                "leadership was handed to \"" + leader + "\"; nothing was changed yet")));
            }
            return set(now, next, "the change was not accepted");
        });
    }

    /**
     * Of the voters after a change, a majority must answer now, both to a call and to the log's messages: else nothing
     * could be committed any more, the next change of the membership included.
     */
    private void requireMajority(String change, List<RaftPeer> voters, Set<String> probed) {
        List<String> answering = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (RaftPeer peer : voters) {
            RaftPeerId id = peer.getId();
            boolean replicates = id.equals(raft.self()) || answers(id);
            (replicates && probed.contains(id.toString()) ? answering : silent).add(id.toString());
        }
        if (2 * answering.size() <= voters.size()) {
            throw new StoreException(
                    ErrorCode.UNSAFE_MEMBERSHIP,
                    change + " the voters would be " + answering + ", who answer, and " + silent
                            + ", who do not (expected: a majority that answers)");
        }
    }

    /**
     * Hands leadership to a voter, or the one that is least behind if the name is empty; completes with the name of the
     * one that leads then.
     */
    CompletableFuture<String> transfer(String name) {
        try {
            RaftPeerId target = name.isEmpty() ? best() : named(name);
            if (target.equals(raft.self())) {
                return CompletableFuture.completedFuture(target.toString());
            }
            LOG.info("handing leadership to {}", target);
            Transfer transfer = new Transfer(raft.self(), target, name.isEmpty(), term());
            return raft.transferLeadership(target, transferTimeoutMs).handle((reply, failure) -> {
                if (failure == null && reply.isSuccess()) {
                    return target.toString();
                }
                String reason = RaftPort.describe(failure != null ? failure : reply.getException());
                return transfer.failed(raft.division().getInfo().getLeaderId(), term(), reason);
            });
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new StoreException(ErrorCode.NO_LEADER, "no leader: " + RaftPort.describe(e)));
        }
    }

    private long term() {
        return raft.division().getInfo().getCurrentTerm();
    }

    /** Whether anybody else could lead at all. */
    boolean hasOtherVoters() {
        return configuration().voters().stream().anyMatch(peer -> !peer.getId().equals(raft.self()));
    }

    private RaftPeerId best() {
        return configuration().voters().stream()
                .map(RaftPeer::getId)
                .filter(id -> !id.equals(raft.self()) && answers(id))
                .max(Comparator.<RaftPeerId>comparingLong(id -> Optional.ofNullable(follower(id))
                                .map(FollowerInfo::getMatchIndex)
                                .orElse(-1L))
                        // Of those that are level, the one that answered last: the other may have just died.
                        .thenComparingLong(id -> -Optional.ofNullable(follower(id))
                                .map(state -> state.getLastRpcResponseTime().elapsedTimeMs())
                                .orElse(Long.MAX_VALUE)))
                .orElseThrow(() -> new StoreException(
                        ErrorCode.NOT_READY, "no other voter answers (expected: one that can lead)"));
    }

    private RaftPeerId named(String name) {
        if (configuration().voters().stream()
                .noneMatch(peer -> peer.getId().toString().equals(name))) {
            throw notFound(name, "a voter");
        }
        return RaftPeerId.valueOf(name);
    }

    private CompletableFuture<Void> set(Configuration now, Configuration next, String whyNot) {
        if (!configuration().sameAs(now)) {
            return CompletableFuture.failedFuture(new StoreException(
                    ErrorCode.MEMBERSHIP_BUSY, "another change of the membership was faster; nothing was changed"));
        }
        SetConfigurationRequest.Arguments arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(now.voters())
                .setListenersInCurrentConf(now.learners())
                .setServersInNewConf(next.voters())
                .setListenersInNewConf(next.learners())
                .build();
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = raft.setConfiguration(arguments);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(error(e, true, whyNot));
        }
        boolean atOnce = reply.isDone();
        keepMoving(reply);
        return reply.handle((answer, failure) -> {
            Throwable problem = failure != null ? failure : answer.getException();
            if (problem != null) {
                throw error(problem, atOnce, whyNot);
            }
            return null;
        });
    }

    /**
     * Has something written for as long as a change is under way. Ratis 3.3.0 counts a new member as caught up only once
     * it was offered a snapshot, and looks whether one is due only while the member lacks an entry: one that had received
     * everything in an attempt before is never counted until the next write, and all other changes are refused meanwhile.
     */
    private void keepMoving(CompletableFuture<RaftClientReply> change) {
        if (!change.isDone()) {
            CompletableFuture.delayedExecutor(KEEP_MOVING_MS, TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        if (!change.isDone()) {
                            appendNothing.run();
                            keepMoving(change);
                        }
                    });
        }
    }

    private static StoreException error(Throwable failure, boolean refusedAtOnce, String whyNot) {
        Throwable cause =
                failure.getCause() != null && failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof ReconfigurationInProgressException) {
            return new StoreException(ErrorCode.MEMBERSHIP_BUSY, "another change of the membership is under way");
        }
        if (cause instanceof NotLeaderException
                || cause instanceof LeaderNotReadyException
                || cause instanceof LeaderSteppingDownException) {
            return refusedAtOnce
                    ? new StoreException(ErrorCode.NO_LEADER, "no leader: leadership was lost; nothing was changed")
                    : new StoreException(
                            ErrorCode.OUTCOME_UNKNOWN, "outcome unknown: leadership was lost during the change");
        }
        return new StoreException(
                ErrorCode.LEARNER_NOT_READY, whyNot + " (" + RaftPort.describe(cause) + ")", Map.of(), cause);
    }

    /** What the leader knows of a follower. */
    @Nullable
    FollowerInfo follower(RaftPeerId id) {
        LogAppender appender = appenders.of(id);
        return appender == null ? null : appender.getFollower();
    }

    boolean answers(RaftPeerId id) {
        FollowerInfo state = follower(id);
        return state != null && !silent(state);
    }

    private boolean silent(FollowerInfo state) {
        return state.getLastRpcResponseTime().elapsedTimeMs() > silentAfterMs;
    }

    private Configuration configuration() {
        RaftConfiguration conf = raft.division().getRaftConf();
        return new Configuration(
                List.copyOf(conf.getCurrentPeers()), List.copyOf(conf.getCurrentPeers(RaftPeerRole.LISTENER)));
    }

    /** Who is in the cluster, before or after a change. */
    private record Configuration(List<RaftPeer> voters, List<RaftPeer> learners) {
        List<RaftPeer> all() {
            return Stream.concat(voters.stream(), learners.stream()).toList();
        }

        Configuration with(RaftPeer peer) {
            return peer.getStartupRole() == RaftPeerRole.LISTENER
                    ? new Configuration(
                            voters,
                            Stream.concat(learners.stream(), Stream.of(peer)).toList())
                    : new Configuration(
                            Stream.concat(voters.stream(), Stream.of(peer)).toList(), learners);
        }

        Configuration without(RaftPeer gone) {
            return new Configuration(
                    voters.stream().filter(peer -> !isSame(peer, gone)).toList(),
                    learners.stream().filter(peer -> !isSame(peer, gone)).toList());
        }

        boolean sameAs(Configuration other) {
            return ids(voters).equals(ids(other.voters)) && ids(learners).equals(ids(other.learners));
        }

        private static boolean isSame(RaftPeer one, RaftPeer other) {
            return one.getId().equals(other.getId());
        }

        private static Set<RaftPeerId> ids(List<RaftPeer> peers) {
            return peers.stream().map(RaftPeer::getId).collect(Collectors.toSet());
        }
    }

    static RaftPeer as(RaftPeerRole role, RaftPeer peer) {
        return RaftPeer.newBuilder(peer).setStartupRole(role).build();
    }

    private static StoreException notFound(String name, String expected) {
        return new StoreException(ErrorCode.MEMBER_NOT_FOUND, "member \"" + name + "\" (expected: " + expected + ")");
    }
}
