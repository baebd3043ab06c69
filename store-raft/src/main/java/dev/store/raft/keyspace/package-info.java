/** The keyspace: a deterministic multi-version store of ordered keys, its commands and its views. */
@NullMarked
package dev.store.raft.keyspace;

import org.jspecify.annotations.NullMarked;
