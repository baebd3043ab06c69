package dev.store.server.edge;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a body on an executor whenever asked, never twice at a time, and once more if asked while it ran: the body may
 * keep state without locks, and no request is lost.
 */
public final class SerialTask {
    private final Executor executor;
    private final Runnable body;
    private final AtomicInteger requests = new AtomicInteger();

    public SerialTask(Executor executor, Runnable body) {
        this.executor = executor;
        this.body = body;
    }

    /** Asks for a run; returns at once. */
    public void schedule() {
        if (requests.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    private void run() {
        int seen = requests.get();
        try {
            body.run();
        } finally {
            if (!requests.compareAndSet(seen, 0)) {
                requests.set(1);
                executor.execute(this::run);
            }
        }
    }
}
