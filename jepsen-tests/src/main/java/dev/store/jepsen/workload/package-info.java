/** Traffic whose answers can be judged. */
@NullMarked
package dev.store.jepsen.workload;

import org.jspecify.annotations.NullMarked;
