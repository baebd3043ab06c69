/** Starts servers for tests. */
@NullMarked
package dev.store.server.testing;

import org.jspecify.annotations.NullMarked;
