package dev.store.jepsen.workload;

import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.RigException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Threads that do one thing again and again until they are told to stop. */
final class Clients implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /**
     * Starts clients.
     *
     * @param name of their threads
     * @param count how many
     * @param pause between two turns of one client
     * @param seeds for a random number generator of each client's own
     * @param client makes the turn of a client
     */
    void start(String name, int count, Duration pause, Random seeds, Function<Random, Runnable> client) {
        for (int i = 0; i < count; i++) {
            Runnable turn = client.apply(new Random(seeds.nextLong()));
            Thread thread = new Thread(() -> run(turn, pause), name + "-client-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    boolean stopped() {
        return stopped;
    }

    /** Lets every client finish its turn; throws what one of them failed with. */
    @Override
    public void close() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join(Await.PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (thread.isAlive()) {
                throw new RigException(thread.getName() + " did not end within " + Await.PATIENCE);
            }
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new RigException("a client failed: " + thrown, thrown);
        }
    }

    private void run(Runnable turn, Duration pause) {
        try {
            while (!stopped) {
                turn.run();
                Await.pass(pause);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }
}
