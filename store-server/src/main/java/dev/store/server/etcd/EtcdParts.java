package dev.store.server.etcd;

import dev.store.raft.Replica;
import dev.store.server.edge.Reads;
import java.util.concurrent.Executor;

/**
 * What the services of this protocol are made of.
 *
 * @param executor runs what waits for others, never for long at a time
 */
record EtcdParts(Replica replica, Reads reads, EtcdHeaders headers, Origin origin, Executor executor) {}
