/**
 * The thin way from a command to the cluster: gRPC calls on one plain HTTP/2 connection, one at a time.
 *
 * <p>A gRPC channel costs a short-lived process several times what the call itself does; docs/adr tells the figures.
 */
@NullMarked
package dev.store.cli.call;

import org.jspecify.annotations.NullMarked;
