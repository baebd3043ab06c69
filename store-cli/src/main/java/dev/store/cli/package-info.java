/** The command {@code store}. */
@NullMarked
package dev.store.cli;

import org.jspecify.annotations.NullMarked;
