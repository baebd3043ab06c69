package dev.store.server;

import dev.store.raft.Members;
import dev.store.raft.Replica;
import dev.store.server.config.ServerConfig;

/** Opens the replica of a node; refuses by throwing if its data folder must not be used. */
@FunctionalInterface
interface ReplicaStarter {
    Replica start(ServerConfig config, Members members);
}
