/** Faults, each with the proof that it bit. */
@NullMarked
package dev.store.jepsen.nemesis;

import org.jspecify.annotations.NullMarked;
