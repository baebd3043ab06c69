package dev.store.server.config;

import java.time.Duration;

/**
 * Patience with other members.
 *
 * @param proposeTimeout for a forwarded change
 * @param readTimeout for other forwarded calls, and for reads without a deadline
 * @param statusTimeout for the state of a member
 */
public record PeerConfig(Duration proposeTimeout, Duration readTimeout, Duration statusTimeout) {
    private static final Duration LEAST = Duration.ofMillis(100);

    public PeerConfig {
        Problems problems = new Problems();
        Checks.between(problems, "peer.propose-timeout", proposeTimeout, LEAST, Duration.ofMinutes(5));
        Checks.between(problems, "peer.read-timeout", readTimeout, LEAST, Duration.ofMinutes(5));
        Checks.between(problems, "peer.status-timeout", statusTimeout, LEAST, Duration.ofMinutes(1));
        problems.throwIfAny();
    }
}
