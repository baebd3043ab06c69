/**
 * Services: instances and their health as records, seen through a view in memory, and kept in order by the leader. See
 * docs/services.md for what is promised.
 */
@NullMarked
package dev.store.server.discovery;

import org.jspecify.annotations.NullMarked;
