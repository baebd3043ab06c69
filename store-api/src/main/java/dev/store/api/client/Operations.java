package dev.store.api.client;

import dev.store.api.Limits;
import dev.store.api.v1.OperationId;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the mutations of one client and remembers which are under way (after RIFL, SOSP 2015).
 *
 * <p>The members keep the answers of at most {@link Limits#OPERATIONS_PER_CLIENT} operations of a client, from the lowest
 * under way on. So the distance between the lowest under way and the next number never grows beyond that; mutations that
 * would widen it wait in a queue of the same length, and fail when that is full.
 */
final class Operations {
    /** A mutation that waits for its number. */
    interface Waiter {
        /** It has one now. Called without locks held. */
        void numbered(OperationId operation);

        /** It gets none, because the client was closed. */
        void refused();
    }

    private final int window;
    private final long clientId;
    private final BitSet done;
    private final Queue<Waiter> queue = new ArrayDeque<>();
    private long lowest = 1;
    private long next = 1;
    private boolean draining;
    private boolean closed;

    Operations() {
        this(randomId(), Limits.OPERATIONS_PER_CLIENT);
    }

    Operations(long clientId, int window) {
        this.clientId = clientId;
        this.window = window;
        this.done = new BitSet(window);
    }

    /** Numbers a mutation now or later; false if the queue is full. */
    boolean begin(Waiter waiter) {
        OperationId operation;
        synchronized (this) {
            if (!closed) {
                if (next - lowest < window && queue.isEmpty()) {
                    operation = take();
                } else if (queue.size() < window) {
                    queue.add(waiter);
                    return true;
                } else {
                    return false;
                }
            } else {
                operation = null;
            }
        }
        if (operation == null) {
            waiter.refused();
        } else {
            waiter.numbered(operation);
        }
        return true;
    }

    /** Takes a waiting mutation out of the queue; false if it does not wait any more. */
    synchronized boolean withdraw(Waiter waiter) {
        return queue.remove(waiter);
    }

    /** The client has the answer of this operation, or will not ask for it again. */
    void end(OperationId operation) {
        synchronized (this) {
            done.set(slot(operation.getSequence()));
            while (lowest < next && done.get(slot(lowest))) {
                done.clear(slot(lowest));
                lowest++;
            }
            if (draining || queue.isEmpty()) {
                return;
            }
            draining = true;
        }
        // A loop, not recursion: a mutation may end while it is being started here.
        for (; ; ) {
            Waiter waiter;
            OperationId number;
            synchronized (this) {
                if (queue.isEmpty() || next - lowest >= window) {
                    draining = false;
                    return;
                }
                waiter = queue.remove();
                number = take();
            }
            waiter.numbered(number);
        }
    }

    private OperationId take() {
        return OperationId.newBuilder()
                .setClientId(clientId)
                .setSequence(next++)
                .setAcknowledgedBelow(lowest)
                .build();
    }

    private int slot(long sequence) {
        return (int) (sequence % window);
    }

    void close() {
        for (; ; ) {
            @Nullable Waiter waiter;
            synchronized (this) {
                closed = true;
                waiter = queue.poll();
            }
            if (waiter == null) {
                return;
            }
            waiter.refused();
        }
    }

    /**
     * A random number other than 0. Two clients with the same one would get each other's answers, so it comes from the
     * system's generator, read directly where possible: loading {@link SecureRandom} takes long in a one-shot command.
     */
    private static long randomId() {
        long id = 0;
        try (InputStream random = new FileInputStream("/dev/urandom")) {
            byte[] bytes = random.readNBytes(Long.BYTES);
            if (bytes.length == Long.BYTES) {
                id = ByteBuffer.wrap(bytes).getLong();
            }
        } catch (IOException e) {
            id = 0; // Not on this system.
        }
        while (id == 0) {
            id = new SecureRandom().nextLong();
        }
        return id;
    }
}
