package dev.store.raft.consensus;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs what a leader sends on the thread that has read it, as long as this member follows one. To take an entry then means
 * to queue it for the log's own thread, which costs less than to wake another one for it.
 *
 * <p>At all other times it may mean to end an election of one's own first, and to wait for its end, which may depend on
 * answers that the same thread has to read: that is done elsewhere.
 */
final class PeerExecutor implements Executor, AutoCloseable {
    private final ExecutorService others;
    private volatile BooleanSupplier follows = () -> false;

    PeerExecutor(ThreadFactory threads) {
        this.others = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads, (task, pool) -> {});
    }

    /** Tells how to know whether this member follows a leader. */
    void inlineWhile(BooleanSupplier following) {
        this.follows = following;
    }

    @Override
    public void execute(Runnable task) {
        if (follows.getAsBoolean()) {
            task.run();
        } else {
            others.execute(task);
        }
    }

    @Override
    public void close() {
        others.shutdown();
    }
}
