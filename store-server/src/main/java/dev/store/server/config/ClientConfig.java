package dev.store.server.config;

import java.time.Duration;

/**
 * The gRPC port.
 *
 * @param listen address it is opened on
 * @param advertise where clients and members reach it
 * @param maxConnections most connections served at a time
 * @param maxCallsPerConnection most calls under way on one connection
 * @param keepaliveTime silence after which the server pings
 * @param keepaliveTimeout how long it waits for the answer
 * @param minKeepaliveInterval shortest interval at which clients may ping
 */
public record ClientConfig(
        Endpoint listen,
        Endpoint advertise,
        int maxConnections,
        int maxCallsPerConnection,
        Duration keepaliveTime,
        Duration keepaliveTimeout,
        Duration minKeepaliveInterval) {

    public ClientConfig {
        Problems problems = new Problems();
        Checks.reachable(problems, "client.advertise", advertise);
        Checks.between(problems, "client.max-connections", maxConnections, 1, 1_000_000);
        Checks.between(problems, "client.max-calls-per-connection", maxCallsPerConnection, 1, 1_000_000);
        Checks.between(problems, "client.keepalive-time", keepaliveTime, Duration.ofSeconds(1), Duration.ofHours(2));
        Checks.between(
                problems, "client.keepalive-timeout", keepaliveTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
        Checks.between(
                problems,
                "client.min-keepalive-interval",
                minKeepaliveInterval,
                Duration.ofMillis(10),
                Duration.ofHours(1));
        problems.throwIfAny();
    }
}
