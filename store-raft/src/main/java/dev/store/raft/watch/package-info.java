/** The watch hub: every applied change, to every watcher that wants it. */
@NullMarked
package dev.store.raft.watch;

import org.jspecify.annotations.NullMarked;
