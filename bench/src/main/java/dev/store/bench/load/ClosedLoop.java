package dev.store.bench.load;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Each client starts its next operation when the one before has ended: as much as the cluster takes. */
final class ClosedLoop implements Loop {
    /** After an error a client waits, so that a cluster without a leader is not flooded. */
    private static final long PAUSE_MILLIS = 20;

    private final Operation operation;
    private final int clients;
    private final Timings timings;
    private final ScheduledExecutorService timer;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean stopped;

    ClosedLoop(Operation operation, int clients, Timings timings, ScheduledExecutorService timer) {
        this.operation = operation;
        this.clients = clients;
        this.timings = timings;
        this.timer = timer;
    }

    @Override
    public void start() {
        for (int i = 0; i < clients; i++) {
            new Client(i).next();
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    private final class Client implements Operation.Done {
        private final int number;
        private long startNanos;

        Client(int number) {
            this.number = number;
        }

        void next() {
            if (!stopped) {
                inFlight.incrementAndGet();
                startNanos = System.nanoTime();
                operation.start(number, this);
            }
        }

        @Override
        public void succeeded() {
            timings.succeeded(System.nanoTime() - startNanos);
            inFlight.decrementAndGet();
            next();
        }

        @Override
        public void failed(String code) {
            timings.failed(code);
            inFlight.decrementAndGet();
            if (!stopped) {
                var unused = timer.schedule(this::next, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            }
        }
    }
}
