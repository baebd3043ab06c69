/** Tests of the watch hub. */
@NullMarked
package dev.store.raft.watch;

import org.jspecify.annotations.NullMarked;
