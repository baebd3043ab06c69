/** What systems are asked to do when they are compared, and what each must offer for it. */
@NullMarked
package dev.store.bench.work;

import org.jspecify.annotations.NullMarked;
