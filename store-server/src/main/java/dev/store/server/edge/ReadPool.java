package dev.store.server.edge;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.NamedThreads;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads on which reads run that may cost disk time, so that they never hold up an event loop. What waits is
 * bounded: past the bound a read is refused, not queued.
 */
public final class ReadPool implements AutoCloseable {
    private final ThreadPoolExecutor threads;
    private final AtomicInteger waiting = new AtomicInteger();
    private final int queue;

    /**
     * Starts the pool.
     *
     * @param count number of threads
     * @param queue most reads that wait for one
     */
    public ReadPool(int count, int queue) {
        this.queue = queue;
        threads = new ThreadPoolExecutor(
                count, count, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new NamedThreads("store-read"));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Runs a read; fails with {@code OVERLOADED} at once if too many wait already. */
    public <T> CompletableFuture<T> submit(Supplier<T> read) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (waiting.incrementAndGet() > queue) {
            waiting.decrementAndGet();
            answer.completeExceptionally(new StoreException(
                    ErrorCode.OVERLOADED, "reads waiting: " + queue + " (expected: fewer, try again later)"));
            return answer;
        }
        try {
            threads.execute(() -> {
                waiting.decrementAndGet();
                run(read, answer);
            });
        } catch (RejectedExecutionException e) {
            answer.completeExceptionally(new StoreException(ErrorCode.NOT_READY, "the member is stopping"));
        }
        return answer;
    }

    /** For streams that were admitted: each is queued at most once, so that they need no bound of their own. */
    public Executor forStreams() {
        return threads;
    }

    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }

    private static <T> void run(Supplier<T> read, CompletableFuture<T> answer) {
        try {
            answer.complete(read.get());
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }
}
