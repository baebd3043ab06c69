/** What the node says about its own health. */
@NullMarked
package dev.store.server.health;

import org.jspecify.annotations.NullMarked;
