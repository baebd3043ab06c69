/** Consensus by Apache Ratis: proposing, the read barrier, snapshots and membership. */
@NullMarked
package dev.store.raft.consensus;

import org.jspecify.annotations.NullMarked;
