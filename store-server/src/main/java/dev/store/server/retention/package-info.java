/** Forgets old history by itself. */
@NullMarked
package dev.store.server.retention;

import org.jspecify.annotations.NullMarked;
