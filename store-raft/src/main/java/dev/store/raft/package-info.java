/** The replicated keyspace: state machine, storage, consensus and the watch hub. */
@NullMarked
package dev.store.raft;

import org.jspecify.annotations.NullMarked;
