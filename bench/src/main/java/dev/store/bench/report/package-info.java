/** The fixed set of measurements that docs/performance.md shows. */
@NullMarked
package dev.store.bench.report;

import org.jspecify.annotations.NullMarked;
