package dev.store.server.config;

import java.util.Optional;

/**
 * The HTTP port.
 *
 * @param listen address it is opened on, if it is
 */
public record HttpConfig(Optional<Endpoint> listen) {}
