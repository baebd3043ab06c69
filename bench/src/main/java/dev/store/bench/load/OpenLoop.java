package dev.store.bench.load;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Starts operations at a steady rate, whether or not earlier ones have ended, as far as there are idle clients. */
final class OpenLoop implements Loop {
    /** The pacer sleeps at least so long: what falls due meanwhile starts together, timed from when it was due. */
    private static final long SLEEP_NANOS = 50_000;

    private final Operation operation;
    private final Plan plan;
    private final Timings timings;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean stopped;

    OpenLoop(Operation operation, Plan plan, Timings timings) {
        this.operation = operation;
        this.plan = plan;
        this.timings = timings;
    }

    @Override
    public void start() {
        Arrivals arrivals = new Arrivals(plan.rate(), plan.clients(), System.nanoTime());
        Thread pacer = new Thread(() -> pace(arrivals), "bench-pacer");
        pacer.setDaemon(true);
        pacer.start();
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public int inFlight() {
        return inFlight.get();
    }

    private void pace(Arrivals arrivals) {
        while (!stopped) {
            startDue(arrivals);
            LockSupport.parkNanos(Math.max(SLEEP_NANOS, arrivals.nextDueNanos() - System.nanoTime()));
        }
    }

    private void startDue(Arrivals arrivals) {
        Arrivals.Due due = arrivals.take(System.nanoTime());
        while (due != null && !stopped) {
            inFlight.incrementAndGet();
            operation.start(due.client(), new Started(arrivals, due));
            due = arrivals.take(System.nanoTime());
        }
    }

    private final class Started implements Operation.Done {
        private final Arrivals arrivals;
        private final Arrivals.Due due;

        Started(Arrivals arrivals, Arrivals.Due due) {
            this.arrivals = arrivals;
            this.due = due;
        }

        @Override
        public void succeeded() {
            timings.succeeded(System.nanoTime() - due.dueNanos());
            ended();
        }

        @Override
        public void failed(String code) {
            timings.failed(code);
            ended();
        }

        private void ended() {
            inFlight.decrementAndGet();
            arrivals.ended(due.client());
            // What fell due while every client was busy need not wait for the pacer.
            startDue(arrivals);
        }
    }
}
