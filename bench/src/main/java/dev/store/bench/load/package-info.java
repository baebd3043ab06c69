/** Puts load on a cluster and times every operation. */
@NullMarked
package dev.store.bench.load;

import org.jspecify.annotations.NullMarked;
