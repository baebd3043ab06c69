/** Leader's time keeping for leases. */
@NullMarked
package dev.store.raft.lease;

import org.jspecify.annotations.NullMarked;
