/** Defects put into a node on purpose, each of which must be found. */
@NullMarked
package dev.store.jepsen.seed;

import org.jspecify.annotations.NullMarked;
