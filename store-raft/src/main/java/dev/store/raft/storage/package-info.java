/** Ordered bytes on disk, by RocksDB. */
@NullMarked
package dev.store.raft.storage;

import org.jspecify.annotations.NullMarked;
