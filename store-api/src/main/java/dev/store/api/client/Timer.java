package dev.store.api.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs things later, on one daemon thread that is started when first needed. Whatever waits when it is closed is run at
 * once, to find the client closed.
 */
final class Timer {
    private final Set<Task> waiting = ConcurrentHashMap.newKeySet();
    private @Nullable ScheduledThreadPoolExecutor thread;
    private boolean closed;

    /** Runs {@code action} after the delay, or when the timer is closed. */
    Task after(long delayNanos, Runnable action) {
        Task task = new Task(action);
        synchronized (this) {
            if (!closed) {
                waiting.add(task);
                ScheduledFuture<?> unused = thread().schedule(task, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
                return task;
            }
        }
        task.run();
        return task;
    }

    private ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor running = thread;
        if (running == null) {
            running = new ScheduledThreadPoolExecutor(1, action -> {
                Thread daemon = new Thread(action, "store-client-timer");
                daemon.setDaemon(true);
                return daemon;
            });
            thread = running;
        }
        return running;
    }

    void close() {
        List<Task> left;
        synchronized (this) {
            closed = true;
            if (thread != null) {
                thread.shutdownNow();
            }
            left = new ArrayList<>(waiting);
        }
        for (Task task : left) {
            task.run();
        }
    }

    /** Something that is run once, unless it is canceled before. */
    final class Task implements Runnable {
        private @Nullable Runnable action;

        private Task(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            Runnable due = take();
            if (due != null) {
                due.run();
            }
        }

        void cancel() {
            take();
        }

        private synchronized @Nullable Runnable take() {
            waiting.remove(this);
            Runnable taken = action;
            action = null;
            return taken;
        }
    }
}
