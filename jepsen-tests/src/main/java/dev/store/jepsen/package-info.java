/** Breaks real clusters and checks the histories they leave. */
@NullMarked
package dev.store.jepsen;

import org.jspecify.annotations.NullMarked;
