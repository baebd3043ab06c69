/** A whole cluster on one machine: its folder, its processes, and what they do to each other. */
@NullMarked
package dev.store.cli.local;

import org.jspecify.annotations.NullMarked;
