package dev.store.raft.watch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.Executor;

/** Threads and time that stand still until the test moves them. */
final class ManualThreads {
    private final Queue<Runnable> dispatcher = new ArrayDeque<>();
    private final Queue<Runnable> catchUp = new ArrayDeque<>();
    private final PriorityQueue<Later> timer =
            new PriorityQueue<>(Comparator.comparingLong(Later::atNanos).thenComparingLong(Later::number));
    private long nowNanos = Long.MAX_VALUE - 1_000_000;
    private long numbers;
    private long elapsed;

    WatchThreads asWatchThreads() {
        Executor dispatch = dispatcher::add;
        return new WatchThreads(dispatch, catchUp::add, this::schedule, () -> nowNanos);
    }

    /** Runs everything that is due now, and what follows from it. */
    void run() {
        while (runDispatcher() || runCatchUp()) {
            // Until nothing is left.
        }
    }

    boolean runDispatcher() {
        return runOne(dispatcher);
    }

    boolean runCatchUp() {
        return runOne(catchUp);
    }

    int dispatcherTasks() {
        return dispatcher.size();
    }

    int catchUpTasks() {
        return catchUp.size();
    }

    /** Lets time pass, running what becomes due. */
    void pass(Duration time) {
        long until = elapsed + time.toNanos();
        run();
        while (!timer.isEmpty() && timer.peek().atNanos() <= until) {
            Later later = timer.remove();
            advanceTo(Math.max(elapsed, later.atNanos()));
            later.task().run();
            run();
        }
        advanceTo(until);
        run();
    }

    private void advanceTo(long newElapsed) {
        // The clock wraps in the middle of the tests, as System.nanoTime may.
        nowNanos += newElapsed - elapsed;
        elapsed = newElapsed;
    }

    private void schedule(Runnable task, Duration delay) {
        timer.add(new Later(elapsed + delay.toNanos(), numbers++, task));
    }

    private static boolean runOne(Queue<Runnable> queue) {
        Runnable task = queue.poll();
        if (task != null) {
            task.run();
        }
        return task != null;
    }

    private record Later(long atNanos, long number, Runnable task) {}
}
