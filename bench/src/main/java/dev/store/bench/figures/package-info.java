/** What is measured: processes, latencies, and how it is written down. */
@NullMarked
package dev.store.bench.figures;

import org.jspecify.annotations.NullMarked;
