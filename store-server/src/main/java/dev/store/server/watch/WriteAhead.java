package dev.store.server.watch;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many bytes a stream may hand to its connection before it waits for it. With gRPC's 32 KiB the thread that makes the
 * responses has to be woken for each of them, which costs more than to make it; the first streams may have several under way.
 * All of it may lie in buffers outside of the heap, where clients do not read, so later streams get what gRPC gives.
 */
final class WriteAhead {
    /** gRPC's own ({@code AbstractStream.TransportState.DEFAULT_ONREADY_THRESHOLD}). */
    static final int LEAST_BYTES = 32 << 10;

    static final int SHARE_BYTES = 256 << 10;
    static final int SHARES = 64;

    private final AtomicInteger taken = new AtomicInteger();

    /** The bytes for a new stream, to be given back when it ends. */
    int take() {
        int before = taken.getAndUpdate(now -> Math.min(now + 1, SHARES));
        return before < SHARES ? SHARE_BYTES : LEAST_BYTES;
    }

    /** A stream has ended that had so many bytes. */
    void giveBack(int bytes) {
        if (bytes == SHARE_BYTES) {
            taken.decrementAndGet();
        }
    }
}
