/** The configuration of a node: one file, the environment and flags, read into validated records. */
@NullMarked
package dev.store.server.config;

import org.jspecify.annotations.NullMarked;
