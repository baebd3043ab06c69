/** The public services except watch, each a thin layer over the replica. */
@NullMarked
package dev.store.server.services;

import org.jspecify.annotations.NullMarked;
