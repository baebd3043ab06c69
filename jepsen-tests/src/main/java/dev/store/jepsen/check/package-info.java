/** Judges of recorded histories: pure, each with one promise to hold a cluster to. */
@NullMarked
package dev.store.jepsen.check;

import org.jspecify.annotations.NullMarked;
