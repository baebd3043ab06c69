/**
 * Locks, semaphores, elections, barriers and latches: records of queues and parties, and the calls that wait for their
 * turn. Who holds is decided by the records alone; the views in memory only know whom to wake.
 */
@NullMarked
package dev.store.server.locks;

import org.jspecify.annotations.NullMarked;
