package dev.store.cli.call;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import org.jspecify.annotations.Nullable;

/** The failed attempts of one call: whether to make another, and what to report in the end. */
final class Troubles {
    private final Method.Effect effect;
    private final int members;
    private final long timeoutMillis;
    private final StringBuilder words = new StringBuilder();
    private int noted;
    private int unreachable;
    private @Nullable StoreException last;
    private @Nullable StoreException unknown;

    Troubles(Method.Effect effect, int members, long timeoutMillis) {
        this.effect = effect;
        this.members = members;
        this.timeoutMillis = timeoutMillis;
    }

    /** Notes a failure and says whether the call may be sent again. */
    boolean mayGoOn(StoreException e) {
        last = e;
        boolean leavesDoubt = effect != Method.Effect.READ && e.code().outcome() == ErrorCode.Outcome.UNKNOWN;
        if (leavesDoubt) {
            unknown = e;
        }
        if (e.code() == ErrorCode.UNREACHABLE) {
            unreachable++;
        }
        if (noted < members) {
            words.append(noted == 0 ? "" : "; ").append(e.getMessage());
            noted++;
        }
        return e.code().retryable() && !(leavesDoubt && effect == Method.Effect.WRITE);
    }

    /** Whether no member at all could be reached in the attempts made; waiting would not help. */
    boolean nobodyThere(int attempts) {
        return unreachable == attempts;
    }

    /** The failure to report where no further attempt is made. */
    StoreException finalWord(StoreException e) {
        // An answer about the operation itself, also one that an earlier attempt had earned, leaves no doubt.
        return effect != Method.Effect.READ && e.code().outcome() == ErrorCode.Outcome.UNKNOWN ? doubt() : e;
    }

    /** What to report after the last attempt. */
    StoreException summary() {
        if (unknown != null) {
            return doubt();
        }
        StoreException e = last;
        if (e == null) {
            return new StoreException(ErrorCode.DEADLINE_EXCEEDED, "no answer within " + timeoutMillis + " ms");
        }
        if (unreachable > 0 && e.code() == ErrorCode.UNREACHABLE) {
            return new StoreException(ErrorCode.UNREACHABLE, "no member can be reached: " + words);
        }
        return new StoreException(e.code(), words.toString(), e.details(), null);
    }

    private StoreException doubt() {
        return new StoreException(ErrorCode.OUTCOME_UNKNOWN, words.toString());
    }
}
