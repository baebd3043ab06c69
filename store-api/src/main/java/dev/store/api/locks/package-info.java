/** Locks, semaphores, elections, barriers and latches, for those who use the Java client. */
@NullMarked
package dev.store.api.locks;

import org.jspecify.annotations.NullMarked;
