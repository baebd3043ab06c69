package dev.store.api.client;

import dev.store.api.error.ErrorCode;

/** Which failures of an attempt may be followed by another attempt of the same call. */
enum Retry {
    /** A read, or anything else that changes nothing: whatever may succeed when sent again. */
    READ,
    /**
     * A mutation with an operation id: the members answer a repeated one with the answer of the first, so that an attempt
     * of unknown outcome may be sent again (RIFL, SOSP 2015).
     */
    EXACTLY_ONCE,
    /** A mutation without an operation id: only what is proof that nothing was changed. */
    ONCE,
    /** A question to one particular member: its first answer, or failure, is what was asked for. */
    NEVER;

    boolean retries(ErrorCode code) {
        return switch (this) {
            case READ, EXACTLY_ONCE -> code.retryable();
            case ONCE -> code.retryable() && code.outcome() == ErrorCode.Outcome.DEFINITE;
            case NEVER -> false;
        };
    }

    /** Whether a lost attempt may be sent again, so that an attempt may be given less time than the call. */
    boolean splitsTime() {
        return this == READ || this == EXACTLY_ONCE;
    }

    boolean mutates() {
        return this == EXACTLY_ONCE || this == ONCE;
    }
}
