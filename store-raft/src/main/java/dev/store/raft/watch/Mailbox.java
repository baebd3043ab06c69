package dev.store.raft.watch;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs messages one after another in the order in which they were posted, on any executor. Wakes the executor once for
 * all messages that wait, because a wake-up costs more than most messages.
 */
final class Mailbox {
    private static final Logger LOG = LoggerFactory.getLogger(Mailbox.class);
    private static final int MESSAGES_PER_TURN = 256;

    private final Queue<Runnable> messages = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Executor executor;
    private final Runnable afterTurn;

    /** @param afterTurn runs after each turn, in the same order */
    Mailbox(Executor executor, Runnable afterTurn) {
        this.executor = executor;
        this.afterTurn = afterTurn;
    }

    void post(Runnable message) {
        messages.add(message);
        wake();
    }

    /**
     * Posts a message that has time until the next one that is {@linkplain #post posted}, or until {@link #wake}: who posts
     * one afterwards has it run after this one.
     */
    void leave(Runnable message) {
        messages.add(message);
    }

    void wake() {
        if (!messages.isEmpty() && awake.compareAndSet(false, true)) {
            try {
                executor.execute(this::turn);
            } catch (RejectedExecutionException e) {
                // The hub was closed: there is nobody left to tell.
                awake.set(false);
                messages.clear();
            }
        }
    }

    private void turn() {
        for (int i = 0; i < MESSAGES_PER_TURN; i++) {
            Runnable message = messages.poll();
            if (message == null) {
                break;
            }
            guarded(message);
        }
        guarded(afterTurn);
        awake.set(false);
        wake();
    }

    private static void guarded(Runnable message) {
        try {
            message.run();
        } catch (RuntimeException e) {
            LOG.error("a message of the watch hub failed", e);
        }
    }
}
