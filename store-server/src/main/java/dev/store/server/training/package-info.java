/** Shows the JVM what a node loads, so that it can keep it ready in an archive. */
@NullMarked
package dev.store.server.training;

import org.jspecify.annotations.NullMarked;
