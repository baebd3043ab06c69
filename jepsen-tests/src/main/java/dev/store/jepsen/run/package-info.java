/** One cell of the matrix: a cluster, traffic, faults, and what the history says of them. */
@NullMarked
package dev.store.jepsen.run;

import org.jspecify.annotations.NullMarked;
