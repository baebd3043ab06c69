package dev.store.server.locks;

import dev.store.raft.Replica;
import dev.store.server.edge.Headers;
import dev.store.server.records.Records;

/**
 * What the calls of this face work with.
 *
 * @param records the way to the keyspace
 * @param replica for keepalives
 * @param headers makes headers
 * @param queues the queues of locks
 * @param gatherings barriers and latches
 * @param waits calls that wait
 */
record LockParts(
        Records records, Replica replica, Headers headers, QueueView queues, GatherView gatherings, Waits waits) {}
