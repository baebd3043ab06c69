package dev.store.raft.consensus;

import java.util.Collection;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Watches over Ratis: a division that has closed in a live process is a zombie, which keeps a place in the cluster and
 * does nothing for it; and a member that was removed is to stop, and say why.
 */
final class Supervisor {
    /** How long a member that is in no configuration must hear nothing before it believes that it was removed. */
    private static final long SILENCE_NANOS = 3_000_000_000L;

    private final ReplicaCore core;
    private long lastIndex = Long.MIN_VALUE;
    private long lastChange = System.nanoTime();
    private boolean wasMember;
    private boolean told;

    Supervisor(ReplicaCore core) {
        this.core = core;
    }

    /** Looks once; called several times a second by one thread. */
    void look() {
        if (told || core.isClosed()) {
            return;
        }
        String problem = problem();
        if (problem != null) {
            told = true;
            core.fatal(problem, null);
        }
    }

    private @Nullable String problem() {
        RaftServer.Division division = core.raft().division();
        boolean removed = removed(division);
        LifeCycle.State state = division.getInfo().getLifeCycleState();
        LifeCycle.State server = core.raft().server().getLifeCycleState();
        if (dead(server)) {
            return "Ratis has stopped (server " + server + ", division " + state + "); the log has the reason";
        }
        if (dead(state)) {
            // Everything else that closes a division was told before, by the state machine: the others have answered a
            // campaign of this member with the order to shut down, because they no longer know it.
            return removedMessage();
        }
        long index = division.getRaftLog().getNextIndex();
        if (index != lastIndex || !removed) {
            lastIndex = index;
            lastChange = System.nanoTime();
        }
        return removed && System.nanoTime() - lastChange > SILENCE_NANOS ? removedMessage() : null;
    }

    private String removedMessage() {
        return "member \"" + core.options().self().name()
                + "\" was removed from the cluster. To add it again, empty its" + " data folder "
                + core.options().dataFolder() + ", start it to join, and add it as a learner";
    }

    private static boolean dead(LifeCycle.State state) {
        return state.isClosingOrClosed() || state == LifeCycle.State.EXCEPTION;
    }

    /**
     * Whether there is a configuration without this member, which was in one before. A joiner receives the log, and with it
     * configurations without itself, before it is in one; where the leader gave up waiting for it, it must stay, so that it
     * can be added after all.
     */
    private boolean removed(RaftServer.Division division) {
        RaftConfiguration configuration = division.getRaftConf();
        Collection<RaftPeer> voters = configuration.getAllPeers(RaftPeerRole.FOLLOWER);
        Collection<RaftPeer> learners = configuration.getAllPeers(RaftPeerRole.LISTENER);
        boolean in = has(voters) || has(learners);
        // A joiner starts in a configuration of its own, as a learner without voters.
        wasMember |= in && !voters.isEmpty();
        return wasMember && !voters.isEmpty() && !in;
    }

    private boolean has(Collection<RaftPeer> peers) {
        return peers.stream().anyMatch(peer -> peer.getId().equals(core.raft().self()));
    }
}
