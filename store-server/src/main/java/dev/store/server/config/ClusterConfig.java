package dev.store.server.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The cluster that the node belongs to.
 *
 * @param name its name
 * @param id its Raft group
 * @param members voters of a new cluster; empty for a cluster of this node alone, or to join
 * @param join whether to wait to be added to an existing cluster
 */
public record ClusterConfig(String name, UUID id, List<InitialMember> members, boolean join) {
    private static final int MAX_MEMBERS = 31;

    public ClusterConfig {
        members = List.copyOf(members);
        Problems problems = new Problems();
        Checks.name(problems, "cluster.name", name);
        problems.check(members.size() <= MAX_MEMBERS, "cluster.members", members.size(), "at most " + MAX_MEMBERS);
        problems.check(!join || members.isEmpty(), "cluster.members", members, "none together with cluster.join: true");
        Set<String> seen = new HashSet<>();
        for (InitialMember member : members) {
            Checks.name(problems, "cluster.members", member.name());
            for (String identity : List.of(
                    member.name(), member.raft().toString(), member.client().toString())) {
                problems.check(seen.add(identity), "cluster.members", identity, "only once");
            }
        }
        problems.throwIfAny();
    }
}
