/** Tests of the storage. */
@NullMarked
package dev.store.raft.storage;

import org.jspecify.annotations.NullMarked;
