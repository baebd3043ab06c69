/** Shows the JVM what a command loads, so that it can keep it ready in an archive. */
@NullMarked
package dev.store.cli.training;

import org.jspecify.annotations.NullMarked;
