/** Starts the built distribution as a cluster of processes on loopback. */
@NullMarked
package dev.store.bench.cluster;

import org.jspecify.annotations.NullMarked;
