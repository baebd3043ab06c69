/** JMH benchmarks of the inner parts. */
@NullMarked
package dev.store.bench.micro;

import org.jspecify.annotations.NullMarked;
