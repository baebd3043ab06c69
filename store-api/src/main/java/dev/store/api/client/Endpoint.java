package dev.store.api.client;

import dev.store.api.error.ErrorCode;
import io.grpc.ManagedChannel;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One member's address, the channel to it, and how it behaved lately. Thread-safe. */
final class Endpoint {
    private static final long FIRST_PENALTY_NANOS = 100_000_000L;
    private static final long LONGEST_PENALTY_NANOS = 5_000_000_000L;

    private final String address;
    private final ChannelMaker maker;
    private volatile @Nullable ManagedChannel channel;
    private volatile int failures;
    private volatile long avoidUntilNanos;
    private volatile boolean closed;

    Endpoint(String address, ChannelMaker maker) {
        this.address = address;
        this.maker = maker;
    }

    String address() {
        return address;
    }

    /** The channel, made on first use. */
    ManagedChannel channel() {
        ManagedChannel open = channel;
        return open != null ? open : open();
    }

    private synchronized ManagedChannel open() {
        ManagedChannel open = channel;
        if (open == null) {
            open = maker.make(address);
            channel = open;
            if (closed) {
                open.shutdownNow();
            }
        }
        return open;
    }

    /** Whether it failed a moment ago, so that another is to be preferred. */
    boolean avoided(long nowNanos) {
        return failures > 0 && avoidUntilNanos - nowNanos > 0;
    }

    /** Until when it is better avoided, in {@link System#nanoTime} terms. */
    long avoidUntilNanos() {
        return avoidUntilNanos;
    }

    void succeeded() {
        if (failures != 0) {
            failures = 0;
        }
    }

    /** Takes note of a failed attempt on {@code used}. */
    synchronized void failed(ErrorCode code, ManagedChannel used) {
        switch (code) {
            case UNREACHABLE -> {
                // A channel waits up to two minutes before it dials again; a new one dials at once.
                if (channel == used && !closed) {
                    channel = null;
                    used.shutdown();
                }
                punish();
            }
            case CONNECTION_LOST, NO_LEADER, NOT_READY, REVISION_NOT_REACHED, DEADLINE_EXCEEDED -> punish();
            default -> {
                // An answer about the request, not about the member.
            }
        }
    }

    private void punish() {
        long now = System.nanoTime();
        if (avoided(now)) {
            return; // Calls that failed together count once.
        }
        int count = Math.min(failures + 1, 16);
        long penalty = Math.min(LONGEST_PENALTY_NANOS, FIRST_PENALTY_NANOS << (count - 1));
        avoidUntilNanos = now + penalty / 2 + ThreadLocalRandom.current().nextLong(penalty / 2 + 1);
        failures = count;
    }

    synchronized void close() {
        closed = true;
        ManagedChannel open = channel;
        if (open != null) {
            open.shutdownNow();
        }
    }
}
