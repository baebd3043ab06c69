/** Tests of the lease keeper. */
@NullMarked
package dev.store.raft.lease;

import org.jspecify.annotations.NullMarked;
