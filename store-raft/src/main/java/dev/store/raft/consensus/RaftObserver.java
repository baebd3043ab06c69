package dev.store.raft.consensus;

import dev.store.raft.Following;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.RaftGroupIdProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.proto.RaftProtos.TermIndexProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@link LeaderWatch} sees and does through Ratis. */
final class RaftObserver implements LeaderWatch.Observer {
    private static final Logger LOG = LoggerFactory.getLogger(RaftObserver.class);
    private static final int CONNECT_MS = 100;

    private final RaftPort raft;
    private final Voters voters;

    RaftObserver(RaftPort raft, Voters voters) {
        this.raft = raft;
        this.voters = voters;
    }

    @Override
    public Following own() {
        return voters.ownFollowing();
    }

    @Override
    public Quorum quorum() {
        return Quorum.of(raft.division().getRaftConf());
    }

    @Override
    public CompletableFuture<Following> following(String member) {
        return voters.following(member);
    }

    /** Whether nobody listens on the port on which a member took the requests of others: its process has ended. */
    boolean refuses(String member) {
        RaftPeer peer = raft.division().getRaftConf().getPeer(RaftPeerId.valueOf(member));
        if (peer == null || peer.getAddress() == null) {
            return false;
        }
        try (Socket socket = new Socket()) {
            socket.connect(PeerAddress.socket(peer.getAddress()), CONNECT_MS);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            // Not reached in time, or not known by name: this says nothing of the process.
            return false;
        }
    }

    /**
     * Campaigns by the request with which a leader hands its leadership over: the only one that makes Ratis campaign before
     * its own timeout. Ratis checks, under its lock, that this member follows that leader in that term.
     */
    @Override
    public boolean campaign(Following own) {
        RaftServer.Division division = raft.division();
        StartLeaderElectionRequestProto request = StartLeaderElectionRequestProto.newBuilder()
                .setServerRequest(RaftRpcRequestProto.newBuilder()
                        .setRequestorId(RaftPeerId.valueOf(own.leader()).toByteString())
                        .setReplyId(division.getId().toByteString())
                        .setRaftGroupId(RaftGroupIdProto.newBuilder()
                                .setId(division.getGroup().getGroupId().toByteString())))
                .setLeaderLastEntry(
                        TermIndexProto.newBuilder().setTerm(own.lastTerm()).setIndex(own.lastIndex()))
                .build();
        try {
            return raft.server().startLeaderElection(request).getServerReply().getSuccess();
        } catch (IOException | RuntimeException e) {
            LOG.warn("no campaign: member={} reason=\"{}\"", own.member(), RaftPort.describe(e));
            return false;
        }
    }
}
