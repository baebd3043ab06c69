package dev.store.raft.consensus;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The voters of a configuration, by name. While the membership changes, a majority of the old and one of the new ones are
 * needed (Raft dissertation, section 4.3).
 *
 * @param voters the present ones
 * @param previous those of before a change that is under way; else empty
 */
record Quorum(Set<String> voters, Set<String> previous) {
    Quorum {
        voters = Set.copyOf(voters);
        previous = Set.copyOf(previous);
    }

    static Quorum of(RaftConfiguration configuration) {
        return new Quorum(names(configuration.getCurrentPeers()), names(configuration.getPreviousPeers()));
    }

    /** All who have a say. */
    Set<String> all() {
        Set<String> all = new HashSet<>(voters);
        all.addAll(previous);
        return all;
    }

    boolean reachedBy(Collection<String> members) {
        return majority(voters, members) && (previous.isEmpty() || majority(previous, members));
    }

    private static boolean majority(Set<String> set, Collection<String> members) {
        return 2 * set.stream().filter(members::contains).count() > set.size();
    }

    private static Set<String> names(@Nullable Collection<RaftPeer> peers) {
        return peers == null
                ? Set.of()
                : peers.stream().map(peer -> peer.getId().toString()).collect(Collectors.toSet());
    }
}
