/** Micro-benchmarks and the load driver. */
@NullMarked
package dev.store.bench;

import org.jspecify.annotations.NullMarked;
