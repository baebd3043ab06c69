package dev.store.raft;

import dev.store.api.v1.MemberRole;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A glance at a replica.
 *
 * @param clusterId id for response headers
 * @param memberId id for response headers
 * @param name this member's name
 * @param role its present role
 * @param term its present term
 * @param leader name of the known leader, or null
 * @param revision last revision applied
 * @param appliedIndex last log index applied
 * @param committedIndex last log index known to be committed
 * @param ready whether a leader is known and this member keeps up with it: it has applied an entry of the present term,
 *     and is not behind for more than a second
 * @param members the members of the present configuration, in order of name
 */
public record ReplicaInfo(
        long clusterId,
        long memberId,
        String name,
        MemberRole role,
        long term,
        @Nullable String leader,
        long revision,
        long appliedIndex,
        long committedIndex,
        boolean ready,
        List<MemberAddress> members) {

    public ReplicaInfo {
        members = List.copyOf(members);
    }

    /**
     * Where a member is reached.
     *
     * @param id id for response headers
     * @param name unique name
     * @param clientEndpoint host:port for clients
     * @param raftEndpoint host:port for other members
     * @param learner whether it has no vote
     */
    public record MemberAddress(long id, String name, String clientEndpoint, String raftEndpoint, boolean learner) {}
}
