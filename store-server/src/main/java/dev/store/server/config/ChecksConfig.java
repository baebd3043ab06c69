package dev.store.server.config;

import java.util.List;

/**
 * Whether and where this member checks instances of services by connecting to them.
 *
 * @param enabled whether it does at all
 * @param allowed addresses that may be connected to
 */
public record ChecksConfig(boolean enabled, List<AddressRange> allowed) {
    public ChecksConfig {
        allowed = List.copyOf(allowed);
        Problems problems = new Problems();
        problems.check(
                !enabled || !allowed.isEmpty(),
                "checks.allowed",
                "nothing",
                "at least one range together with checks.enabled");
        problems.throwIfAny();
    }
}
