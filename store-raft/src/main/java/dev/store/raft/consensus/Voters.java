package dev.store.raft.consensus;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.Members;
import dev.store.raft.Standing;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;

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

    /** How another member stands, at a moment after the call; fails with {@link StoreException} and never throws. */
    CompletableFuture<Standing> standing(String name) {
        RaftPeer peer = division.get().getRaftConf().getPeer(RaftPeerId.valueOf(name));
        if (peer == null || peer.getClientAddress() == null) {
            return CompletableFuture.failedFuture(
                    new StoreException(ErrorCode.UNREACHABLE, "no address of member \"" + name + "\" is known"));
        }
        try {
            return members.at(peer.getClientAddress()).standing();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
