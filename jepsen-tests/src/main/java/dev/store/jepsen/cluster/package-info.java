/** Real clusters of real processes: started, hurt and cleaned up. */
@NullMarked
package dev.store.jepsen.cluster;

import org.jspecify.annotations.NullMarked;
