package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.v1.AddLearnerChange;
import dev.store.raft.v1.MembershipChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
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

    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

    private final RaftPort raft;
    private final Appenders appenders;
    private final long silentAfterMs;
    private final long transferTimeoutMs;

    Membership(RaftPort raft, Appenders appenders, ReplicaOptions.Timings timings) {
        this.raft = raft;
        this.appenders = appenders;
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
        List<RaftPeer> learners = learners();
        for (RaftPeer member : all()) {
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
        learners.add(as(RaftPeerRole.LISTENER, RaftPort.peer(address)));
        return set(
                voters(),
                learners,
                "it could not be reached or did not catch up; does it run, started to join, at "
                        + address.raftEndpoint() + "?");
    }

    private CompletableFuture<Void> promote(String name) {
        RaftPeer learner = learners().stream()
                .filter(peer -> peer.getId().toString().equals(name))
                .findAny()
                .orElseThrow(() -> notFound(name, "a learner"));
        FollowerInfo state = follower(learner.getId());
        long committed = raft.division().getRaftLog().getLastCommittedIndex();
        if (state == null || silent(state) || state.getMatchIndex() + READY_GAP_ENTRIES < committed) {
            String behind = state == null || silent(state)
                    ? "does not answer"
                    : "has " + state.getMatchIndex() + " of " + committed + " log entries";
            throw new StoreException(
                    ErrorCode.LEARNER_NOT_READY,
                    "learner \"" + name + "\" " + behind + " (expected: at most " + READY_GAP_ENTRIES + " behind)");
        }
        List<RaftPeer> voters = voters();
        voters.add(as(RaftPeerRole.FOLLOWER, learner));
        List<RaftPeer> learners = learners();
        learners.removeIf(peer -> peer.getId().equals(learner.getId()));
        return set(voters, learners, "learner \"" + name + "\" did not catch up");
    }

    private CompletableFuture<Void> remove(String name) {
        RaftPeer gone = all().stream()
                .filter(peer -> peer.getId().toString().equals(name))
                .findAny()
                .orElseThrow(() -> notFound(name, "a member"));
        List<RaftPeer> voters = voters();
        boolean wasVoter = voters.removeIf(peer -> peer.getId().equals(gone.getId()));
        List<RaftPeer> learners = learners();
        learners.removeIf(peer -> peer.getId().equals(gone.getId()));
        if (wasVoter) {
            requireMajority(name, voters);
        }
        if (gone.getId().equals(raft.self())) {
            // The next leader does it: the caller's retry finds it there.
            return transfer("")
                    .thenCompose(leader -> CompletableFuture.failedFuture(new StoreException(
                            ErrorCode.NO_LEADER,
                            "leadership was handed to \"" + leader + "\"; nothing was changed yet")));
        }
        return set(voters, learners, "the change was not accepted");
    }

    private void requireMajority(String name, List<RaftPeer> remaining) {
        List<String> answering = remaining.stream()
                .filter(peer -> peer.getId().equals(raft.self()) || answers(peer.getId()))
                .map(peer -> peer.getId().toString())
                .toList();
        if (remaining.isEmpty() || 2 * answering.size() <= remaining.size()) {
            throw new StoreException(
                    ErrorCode.UNSAFE_MEMBERSHIP,
                    "without \"" + name + "\" only " + answering + " of the voters "
                            + remaining.stream()
                                    .map(peer -> peer.getId().toString())
                                    .toList()
                            + " answer (expected: a majority)");
        }
    }

    /** Hands leadership to a voter, or the one that is least behind if the name is empty; completes with its name. */
    CompletableFuture<String> transfer(String name) {
        try {
            RaftPeerId target = name.isEmpty() ? best() : named(name);
            if (target.equals(raft.self())) {
                return CompletableFuture.completedFuture(target.toString());
            }
            LOG.info("handing leadership to {}", target);
            return raft.transferLeadership(target, transferTimeoutMs).handle((reply, failure) -> {
                if (failure == null && reply.isSuccess()) {
                    return target.toString();
                }
                throw new StoreException(
                        ErrorCode.NOT_READY,
                        "leadership could not be handed to \"" + target + "\": "
                                + RaftPort.describe(failure != null ? failure : reply.getException()));
            });
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new StoreException(ErrorCode.NO_LEADER, "no leader: " + RaftPort.describe(e)));
        }
    }

    private RaftPeerId best() {
        return voters().stream()
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
        if (voters().stream().noneMatch(peer -> peer.getId().toString().equals(name))) {
            throw notFound(name, "a voter");
        }
        return RaftPeerId.valueOf(name);
    }

    private CompletableFuture<Void> set(List<RaftPeer> voters, List<RaftPeer> learners, String whyNot) {
        SetConfigurationRequest.Arguments arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(voters())
                .setListenersInCurrentConf(learners())
                .setServersInNewConf(voters)
                .setListenersInNewConf(learners)
                .build();
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = raft.setConfiguration(arguments);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(error(e, true, whyNot));
        }
        boolean atOnce = reply.isDone();
        return reply.handle((answer, failure) -> {
            Throwable problem = failure != null ? failure : answer.getException();
            if (problem != null) {
                throw error(problem, atOnce, whyNot);
            }
            return null;
        });
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

    private List<RaftPeer> voters() {
        return new ArrayList<>(peers(RaftConfiguration::getCurrentPeers));
    }

    private List<RaftPeer> learners() {
        return new ArrayList<>(peers(conf -> conf.getCurrentPeers(RaftPeerRole.LISTENER)));
    }

    private List<RaftPeer> all() {
        List<RaftPeer> all = voters();
        all.addAll(learners());
        return all;
    }

    private Collection<RaftPeer> peers(Function<RaftConfiguration, Collection<RaftPeer>> role) {
        return role.apply(raft.division().getRaftConf());
    }

    static RaftPeer as(RaftPeerRole role, RaftPeer peer) {
        return RaftPeer.newBuilder(peer).setStartupRole(role).build();
    }

    private static StoreException notFound(String name, String expected) {
        return new StoreException(ErrorCode.MEMBER_NOT_FOUND, "member \"" + name + "\" (expected: " + expected + ")");
    }
}
