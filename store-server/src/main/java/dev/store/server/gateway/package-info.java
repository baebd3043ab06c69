/**
 * The HTTP port: JSON over HTTP in front of services that are spoken over gRPC, for clients that have no gRPC. A gateway is
 * a client of the node's own gRPC port, so all limits and errors are those of that port.
 */
@NullMarked
package dev.store.server.gateway;

import org.jspecify.annotations.NullMarked;
