package dev.store.server.discovery;

import dev.store.api.v1.Check;
import dev.store.api.v1.Instance;
import dev.store.api.v1.Port;

/**
 * A check that a member does.
 *
 * @param id its name
 * @param instance the instance
 * @param check the check
 * @param createRevision revision of the registration of the instance
 */
record ActiveCheck(CheckId id, Instance instance, Check check, long createRevision) {
    private static final long DEFAULT_INTERVAL_MS = 10_000;
    private static final long DEFAULT_TIMEOUT_MS = 5_000;

    static boolean isActive(Check check) {
        return check.hasHttp() || check.hasTcp() || check.hasGrpc();
    }

    static long intervalMs(Check check) {
        return check.getIntervalMs() == 0 ? DEFAULT_INTERVAL_MS : check.getIntervalMs();
    }

    long intervalMs() {
        return intervalMs(check);
    }

    long timeoutMs() {
        return check.getTimeoutMs() == 0 ? Math.min(DEFAULT_TIMEOUT_MS, intervalMs()) : check.getTimeoutMs();
    }

    int port() {
        String name =
                switch (check.getKindCase()) {
                    case HTTP -> check.getHttp().getPort();
                    case TCP -> check.getTcp().getPort();
                    case GRPC -> check.getGrpc().getPort();
                    default -> "";
                };
        for (Port port : instance.getPortsList()) {
            if (name.isEmpty() || port.getName().equals(name)) {
                return port.getNumber();
            }
        }
        throw new IllegalStateException("check " + id + " names no port (expected: one of the instance)");
    }
}
