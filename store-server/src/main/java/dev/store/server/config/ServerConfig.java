package dev.store.server.config;

import java.util.Optional;

/**
 * The whole configuration of a node, valid in itself and as a whole. Its parts are the sections of {@code store.yaml};
 * docs/configuration.md describes every key.
 */
public record ServerConfig(
        NodeConfig node,
        ClientConfig client,
        HttpConfig http,
        RaftConfig raft,
        ClusterConfig cluster,
        SnapshotConfig snapshot,
        HistoryConfig history,
        LimitsConfig limits,
        PeerConfig peer,
        ChecksConfig checks,
        LogConfig log) {

    public ServerConfig {
        Problems problems = new Problems();
        problems.check(
                client.listen().port() == 0 || !client.listen().equals(raft.listen()),
                "raft.listen",
                raft.listen(),
                "another address than client.listen");
        http.listen()
                .filter(listen -> listen.port() != 0)
                .ifPresent(listen -> problems.check(
                        !listen.equals(client.listen()) && !listen.equals(raft.listen()),
                        "http.listen",
                        listen,
                        "another address than client.listen and raft.listen"));
        Optional<InitialMember> self = cluster.members().stream()
                .filter(member -> member.name().equals(node.name()))
                .findFirst();
        if (self.isPresent()) {
            same(problems, "client.advertise", client.advertise(), self.get().client());
            same(problems, "raft.advertise", raft.advertise(), self.get().raft());
        } else {
            problems.check(
                    cluster.members().isEmpty(),
                    "cluster.members",
                    cluster.members(),
                    "a list with this node, node.name: " + node.name() + ", or cluster.join: true to join later");
        }
        problems.throwIfAny();
    }

    private static void same(Problems problems, String key, Endpoint own, Endpoint listed) {
        problems.check(own.equals(listed), key, own, listed + " as in cluster.members");
    }
}
