package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.Following;
import dev.store.raft.MemberCalls;
import dev.store.raft.Members;
import dev.store.raft.Standing;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.ratis.proto.RaftProtos.FollowerInfoProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;

/** Asks members how they stand. */
final class Voters {
    private final Supplier<RaftServer.Division> division;
    private final Members members;

    Voters(Supplier<RaftServer.Division> division, Members members) {
        this.division = division;
        this.members = members;
    }

    /** How this member stands. */
    Standing own() {
        RaftServer.Division raft = division.get();
        return new Standing(raft.getId().toString(), raft.getInfo().getCurrentTerm());
    }

    /** How this member follows its leader. */
    Following ownFollowing() {
        RaftServer.Division raft = division.get();
        String member = raft.getId().toString();
        long term = raft.getInfo().getCurrentTerm();
        TermIndex last = raft.getRaftLog().getLastEntryTermIndex();
        FollowerInfoProto info = raft.getInfo().getRoleInfoProto().getFollowerInfo();
        RaftPeerId leader = raft.getInfo().getLeaderId();
        boolean follows = raft.getInfo().isFollower() && leader != null && !leader.equals(raft.getId());
        boolean silent = follows && info.getOutstandingOp() == 0;
        return new Following(
                member,
                term,
                follows ? leader.toString() : "",
                silent ? info.getLeaderInfo().getLastRpcElapsedTimeMs() : 0,
                last == null ? 0 : last.getTerm(),
                last == null ? -1 : last.getIndex());
    }

    /** How another member stands, at a moment after the call; fails with {@link StoreException} and never throws. */
    CompletableFuture<Standing> standing(String name) {
        return ask(name, MemberCalls::standing);
    }

    /** How another member follows its leader, at a moment after the call; fails likewise. */
    CompletableFuture<Following> following(String name) {
        return ask(name, MemberCalls::following);
    }

    private <T> CompletableFuture<T> ask(String name, Function<MemberCalls, CompletableFuture<T>> call) {
        RaftPeer peer = division.get().getRaftConf().getPeer(RaftPeerId.valueOf(name));
        if (peer == null || peer.getClientAddress() == null) {
            return CompletableFuture.failedFuture(
                    new StoreException(ErrorCode.UNREACHABLE, "no address of member \"" + name + "\" is known"));
        }
        try {
            return call.apply(members.at(peer.getClientAddress()));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
