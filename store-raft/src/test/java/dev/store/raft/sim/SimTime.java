package dev.store.raft.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/** The one source of chance, order and time of a simulation. */
final class SimTime {
    private static final long NANOS_PER_MS = 1_000_000;

    private final Random random;
    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::atNanos).thenComparingLong(Task::number));
    private long nowNanos;
    private long numbers;
    private long steps;

    SimTime(long seed) {
        this.random = new Random(seed);
    }

    long nowNanos() {
        return nowNanos;
    }

    long nowMs() {
        return nowNanos / NANOS_PER_MS;
    }

    long steps() {
        return steps;
    }

    /** A number from 0 on, less than the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** Runs the task once, at some time between the two delays. */
    void after(long minMs, long maxMs, Runnable task) {
        long spread = Math.max(1, (maxMs - minMs) * NANOS_PER_MS);
        tasks.add(new Task(nowNanos + minMs * NANOS_PER_MS + random.nextLong(spread), numbers++, task));
    }

    /** Runs the task again and again. */
    void every(long minMs, long maxMs, Runnable task) {
        after(minMs, maxMs, () -> {
            task.run();
            every(minMs, maxMs, task);
        });
    }

    /** Runs what is due until a time. */
    void runUntil(long ms) {
        long until = ms * NANOS_PER_MS;
        while (!tasks.isEmpty() && tasks.peek().atNanos() <= until) {
            Task task = tasks.remove();
            nowNanos = task.atNanos();
            steps++;
            task.task().run();
        }
        nowNanos = until;
    }

    private record Task(long atNanos, long number, Runnable task) {}
}
