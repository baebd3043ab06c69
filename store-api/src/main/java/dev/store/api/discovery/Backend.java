package dev.store.api.discovery;

import dev.store.api.v1.OutlierPolicy;

/** What a balancer remembers of one instance. Guarded by the balancer. */
final class Backend {
    private static final double EWMA_DECAY_NANOS = 10e9;
    private static final long WINDOW_NANOS = 10_000_000_000L;
    private static final int WINDOW_CALLS_MIN = 20;
    private static final int DEFAULT_CONSECUTIVE = 5;
    private static final int DEFAULT_PERCENT = 50;
    private static final long DEFAULT_EJECTION_MS = 10_000;
    private static final int DOUBLINGS_MAX = 4;
    /** After so long without a new ejection, it begins anew with the short one. */
    private static final long FORGIVEN_NANOS = 600_000_000_000L;

    private ServiceInstance instance;
    private int underWay;
    private double ewmaNanos;
    private long ewmaAtNanos;
    private int failuresInARow;
    private long windowFromNanos;
    private int windowCalls;
    private int windowFailures;
    private int ejections;
    private boolean ejected;
    private long ejectedUntilNanos;
    /** Of smooth weighted round robin. */
    private long current;

    Backend(ServiceInstance instance, long nowNanos) {
        this.instance = instance;
        this.ewmaAtNanos = nowNanos;
        this.windowFromNanos = nowNanos;
    }

    ServiceInstance instance() {
        return instance;
    }

    void update(ServiceInstance now) {
        instance = now;
    }

    int underWay() {
        return underWay;
    }

    void begin() {
        underWay++;
    }

    void end() {
        underWay--;
    }

    long current() {
        return current;
    }

    void current(long value) {
        current = value;
    }

    /** Smoothed latency times calls under way: a peak counts at once, and fades with time. */
    double cost(long nowNanos) {
        double faded = ewmaNanos * Math.exp(-(nowNanos - ewmaAtNanos) / EWMA_DECAY_NANOS);
        // One that was never called is tried before one that is known to be slow, but not by all at once.
        return (faded + 1) * (underWay + 1) / instance.weight();
    }

    void took(long latencyNanos, long nowNanos) {
        double weight = Math.exp(-(nowNanos - ewmaAtNanos) / EWMA_DECAY_NANOS);
        ewmaNanos = latencyNanos > ewmaNanos ? latencyNanos : ewmaNanos * weight + latencyNanos * (1 - weight);
        ewmaAtNanos = nowNanos;
    }

    boolean ejected(long nowNanos) {
        if (ejected && nowNanos - ejectedUntilNanos >= 0) {
            ejected = false;
            failuresInARow = 0;
            startWindow(nowNanos);
        }
        return ejected;
    }

    void succeeded(long nowNanos) {
        failuresInARow = 0;
        count(false, nowNanos);
    }

    /** Whether it is to be left out now. */
    boolean failed(OutlierPolicy policy, long nowNanos) {
        failuresInARow++;
        count(true, nowNanos);
        int consecutive = policy.getConsecutiveFailures() == 0 ? DEFAULT_CONSECUTIVE : policy.getConsecutiveFailures();
        int percent = policy.getErrorPercent() == 0 ? DEFAULT_PERCENT : policy.getErrorPercent();
        boolean row = consecutive > 0 && failuresInARow >= consecutive;
        boolean rate =
                percent > 0 && windowCalls >= WINDOW_CALLS_MIN && 100L * windowFailures >= (long) percent * windowCalls;
        return !ejected && (row || rate);
    }

    private void count(boolean failure, long nowNanos) {
        if (nowNanos - windowFromNanos > WINDOW_NANOS) {
            startWindow(nowNanos);
        }
        windowCalls++;
        windowFailures += failure ? 1 : 0;
    }

    private void startWindow(long nowNanos) {
        windowFromNanos = nowNanos;
        windowCalls = 0;
        windowFailures = 0;
    }

    void eject(OutlierPolicy policy, long nowNanos) {
        if (ejections > 0 && nowNanos - ejectedUntilNanos > FORGIVEN_NANOS) {
            ejections = 0;
        }
        long baseMs = policy.getEjectionMs() == 0 ? DEFAULT_EJECTION_MS : policy.getEjectionMs();
        ejected = true;
        ejectedUntilNanos = nowNanos + (baseMs << Math.min(ejections, DOUBLINGS_MAX)) * 1_000_000;
        ejections++;
    }
}
