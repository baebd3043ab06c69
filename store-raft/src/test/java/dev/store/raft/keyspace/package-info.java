/** Tests of the keyspace. */
@NullMarked
package dev.store.raft.keyspace;

import org.jspecify.annotations.NullMarked;
