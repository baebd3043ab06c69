/** Measures systems side by side: blocks in turning order, medians of paired ratios, and how they are shown. */
@NullMarked
package dev.store.bench.compare;

import org.jspecify.annotations.NullMarked;
