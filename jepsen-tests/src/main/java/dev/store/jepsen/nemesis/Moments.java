package dev.store.jepsen.nemesis;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * When the harm of a fault was done, on the clock of the history: a fault takes time before it (who leads?) and long after
 * it. Used by one thread.
 */
final class Moments {
    /** Fact of a history: just before the first signal or cut. */
    static final String STRUCK = "struck";
    /** Fact of a history: from when on nothing that was hit can have answered. */
    static final String HARMED = "harmed";

    private static final long NEVER = -1;

    private final LongSupplier clock;
    private long struck = NEVER;
    private long harmed = NEVER;

    Moments(LongSupplier clock) {
        this.clock = clock;
    }

    /** A new fault. */
    void clear() {
        struck = NEVER;
        harmed = NEVER;
    }

    /** The harm is done now, and needs as long as the action does. */
    void during(Runnable action) {
        struck = clock.getAsLong();
        action.run();
        harmed = clock.getAsLong();
    }

    /** As facts of a history; none if the fault has no such moment. */
    Map<String, Object> facts() {
        return harmed == NEVER ? Map.of() : Map.of(STRUCK, struck, HARMED, harmed);
    }
}
