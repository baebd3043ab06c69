/** The edge: the server process, its configuration, services and gateways. */
@NullMarked
package dev.store.server;

import org.jspecify.annotations.NullMarked;
