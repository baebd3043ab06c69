package dev.store.server.locks;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The calls of this member that wait, their number, and their clock. */
final class Waits {
    private final ScheduledExecutorService timer;
    private final Set<WaitingCall<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    Waits(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** Takes in a call, or refuses it. */
    void admit(WaitingCall<?> call) {
        if (stopped) {
            throw stopping();
        }
        if (underWay.size() >= Limits.LOCK_WAITS_PER_MEMBER) {
            throw new StoreException(
                    ErrorCode.OVERLOADED,
                    "calls waiting: " + Limits.LOCK_WAITS_PER_MEMBER + " (expected: fewer on one member)");
        }
        underWay.add(call);
        if (stopped) {
            call.stop();
        }
    }

    void ended(WaitingCall<?> call) {
        underWay.remove(call);
    }

    /** Runs something once after a time. */
    Future<?> after(long delayNanos, Runnable action) {
        return timer.schedule(action, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    }

    /** Ends all calls with NOT_READY, and leaves their entries where they are: asked again, another member finds them. */
    void stop() {
        stopped = true;
        underWay.forEach(WaitingCall::stop);
    }

    static StoreException stopping() {
        return new StoreException(ErrorCode.NOT_READY, "the member is stopping; ask another one, the place is kept");
    }
}
