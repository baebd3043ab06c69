package dev.store.jepsen.nemesis;

import dev.store.api.v1.Member;
import dev.store.api.v1.MemberRole;
import dev.store.api.v1.MembersRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Cluster;
import dev.store.jepsen.cluster.Node;
import java.time.Duration;
import java.util.Optional;

/** Changes the membership until it is as wanted; an attempt whose answer was lost may have done it. */
final class Members {
    private static final Duration CALL = Duration.ofSeconds(10);

    private Members() {}

    static void remove(Cluster cluster, Node node) {
        Await.until(Scene.HEAL, node + " to be removed", () -> {
            if (roleOf(cluster, node.name()).isPresent()) {
                cluster.remove(node);
            }
            return roleOf(cluster, node.name()).isEmpty();
        });
    }

    /** Adds a node that runs with an empty folder, and makes it a voter. */
    static void join(Cluster cluster, Node node) {
        Await.until(Scene.HEAL, node + " as a voter", () -> {
            Optional<MemberRole> role = roleOf(cluster, node.name());
            if (role.isEmpty()) {
                cluster.addLearner(node);
            } else if (role.get() == MemberRole.MEMBER_ROLE_LEARNER) {
                cluster.promote(node);
            }
            return role.equals(Optional.of(MemberRole.MEMBER_ROLE_FOLLOWER))
                    || role.equals(Optional.of(MemberRole.MEMBER_ROLE_LEADER));
        });
    }

    /** As the message of a node says that cannot use its data any more: remove it, empty it, add it. */
    static void replace(Cluster cluster, Node node) {
        remove(cluster, node);
        node.wipe();
        node.joinAnew();
        node.start();
        join(cluster, node);
    }

    private static Optional<MemberRole> roleOf(Cluster cluster, String name) {
        return cluster
                .awaitLeader(Scene.HEAL)
                .client()
                .cluster(CALL)
                .members(MembersRequest.getDefaultInstance())
                .getMembersList()
                .stream()
                .filter(member -> member.getName().equals(name))
                .map(Member::getRole)
                .findFirst();
    }
}
