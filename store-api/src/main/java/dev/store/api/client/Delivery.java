package dev.store.api.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls one listener, one call at a time and in order, on an executor. What waits here is bounded by the credit of the
 * stream that it came from: each item gives its credit back when it was delivered or dropped.
 */
final class Delivery implements Runnable {
    /** After this many calls in a row the thread is given back to the executor, for others. */
    private static final int CALLS_IN_A_ROW = 16;

    private record Item(Runnable call, @Nullable WatchStream credit) {}

    private final Executor executor;
    private final Consumer<WatchStream> giveBack;
    private final Consumer<Throwable> broken;
    private final Queue<Item> queue = new ArrayDeque<>();
    private boolean running;
    /** The listener threw: only the end is still told. */
    private boolean dropping;

    private boolean ended;

    private final AtomicLong delivered = new AtomicLong();

    /**
     * @param giveBack takes the credit of an item; called without locks held
     * @param broken told when the listener threw or the executor refused; nothing is delivered after that but the end
     */
    Delivery(Executor executor, Consumer<WatchStream> giveBack, Consumer<Throwable> broken) {
        this.executor = executor;
        this.giveBack = giveBack;
        this.broken = broken;
    }

    void add(Runnable call, @Nullable WatchStream credit) {
        boolean dropped;
        boolean start = false;
        synchronized (this) {
            dropped = ended || dropping;
            if (!dropped) {
                queue.add(new Item(call, credit));
                start = !running;
                running = true;
            }
        }
        if (dropped && credit != null) {
            giveBack.accept(credit);
        }
        if (start) {
            schedule();
        }
    }

    /** Makes this the last call: at once, dropping what waits, or after what waits. */
    void end(Runnable last, boolean atOnce) {
        List<WatchStream> credits = List.of();
        boolean start;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            if (atOnce) {
                credits = credits();
                queue.clear();
            }
            queue.add(new Item(last, null));
            start = !running;
            running = true;
        }
        credits.forEach(giveBack);
        if (start) {
            schedule();
        }
    }

    /** Gives the credits of all that waits back now, because their stream is not to be held up by it any more. */
    void releaseCredits() {
        List<WatchStream> credits;
        synchronized (this) {
            credits = credits();
            List<Item> waiting = new ArrayList<>(queue);
            queue.clear();
            for (Item item : waiting) {
                queue.add(new Item(item.call(), null));
            }
        }
        credits.forEach(giveBack);
    }

    synchronized int waiting() {
        return queue.size();
    }

    /** How many calls were finished. */
    long delivered() {
        return delivered.get();
    }

    private List<WatchStream> credits() {
        List<WatchStream> credits = new ArrayList<>();
        for (Item item : queue) {
            if (item.credit() != null) {
                credits.add(item.credit());
            }
        }
        return credits;
    }

    private void schedule() {
        try {
            executor.execute(this);
        } catch (RuntimeException e) {
            // The executor was shut down under the watch: the end is told on this thread, as there is no other.
            failed(e);
            run();
        }
    }

    private void failed(Throwable failure) {
        List<WatchStream> credits = List.of();
        synchronized (this) {
            if (!ended) {
                dropping = true;
                credits = credits();
                queue.clear();
            }
        }
        credits.forEach(giveBack);
        broken.accept(failure);
    }

    @Override
    public void run() {
        for (int i = 0; i < CALLS_IN_A_ROW; i++) {
            Item item;
            synchronized (this) {
                item = queue.poll();
                if (item == null) {
                    running = false;
                    return;
                }
            }
            try {
                item.call().run();
            } catch (RuntimeException | Error e) {
                failed(e);
            }
            delivered.incrementAndGet();
            if (item.credit() != null) {
                giveBack.accept(item.credit());
            }
        }
        schedule();
    }
}
