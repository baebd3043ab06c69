package dev.store.api.error;

import io.grpc.Status;

/**
 * Every error that Store reports, with the two facts that decide what a caller may do about it.
 *
 * <p>{@link #retryable()} says whether the same call may succeed when sent again unchanged. {@link #outcome()} says
 * whether the error is proof that nothing was changed. These facts drive the client's retries, the exit codes of the
 * command line and the verdict {@code ok / fail / unknown} of the test harness.
 */
public enum ErrorCode {
    /** A field of the request is out of bounds or contradicts another. */
    INVALID_ARGUMENT(Status.Code.INVALID_ARGUMENT, false, Outcome.DEFINITE),
    /** A branch of a transaction puts a key twice, or puts a key that it also deletes. */
    DUPLICATE_KEY(Status.Code.INVALID_ARGUMENT, false, Outcome.DEFINITE),
    /** A watch id is already in use on its stream. */
    DUPLICATE_WATCH(Status.Code.ALREADY_EXISTS, false, Outcome.DEFINITE),
    /** The request, a key, a value or a list is larger than its limit. */
    TOO_LARGE(Status.Code.INVALID_ARGUMENT, false, Outcome.DEFINITE),
    /** The answer would be larger than its limit; ask for less. */
    RESULT_TOO_LARGE(Status.Code.RESOURCE_EXHAUSTED, false, Outcome.DEFINITE),
    /** The key does not exist where the operation needs it to. */
    KEY_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** The lease does not exist, or no longer. */
    LEASE_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** A lease with the wanted id exists. */
    LEASE_EXISTS(Status.Code.ALREADY_EXISTS, false, Outcome.DEFINITE),
    /** There is no such watch on the stream. */
    WATCH_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** No instance is registered under that name. */
    INSTANCE_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** The instance has no check of that name that its owner could report. */
    CHECK_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** The service has instances. */
    SERVICE_IN_USE(Status.Code.FAILED_PRECONDITION, false, Outcome.DEFINITE),
    /** There is no such configuration entry, or it was deleted. */
    CONFIG_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** The version of the entry never was, or is no longer kept; detail {@code first_kept}. */
    VERSION_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** The newest version of the entry is not the expected one; details {@code expected} and {@code actual}. */
    VERSION_CONFLICT(Status.Code.ABORTED, false, Outcome.DEFINITE),
    /** Content is not well-formed; details {@code line} and {@code column} where they are known. */
    CONTENT_MALFORMED(Status.Code.INVALID_ARGUMENT, false, Outcome.DEFINITE),
    /** A schema is none, or refers to another document. */
    SCHEMA_MALFORMED(Status.Code.INVALID_ARGUMENT, false, Outcome.DEFINITE),
    /** A schema forbids the content; details {@code path} and {@code reason}. */
    SCHEMA_VIOLATED(Status.Code.FAILED_PRECONDITION, false, Outcome.DEFINITE),
    /** No schema is attached there. */
    SCHEMA_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** A gray release of the entry is under way; detail {@code gray_version}. */
    GRAY_ACTIVE(Status.Code.FAILED_PRECONDITION, false, Outcome.DEFINITE),
    /** No gray release of the entry is under way. */
    GRAY_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** A placeholder names what does not exist, or itself through others. */
    PLACEHOLDER_UNRESOLVED(Status.Code.FAILED_PRECONDITION, false, Outcome.DEFINITE),
    /** There is no such member. */
    MEMBER_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** A member with that name exists. */
    MEMBER_EXISTS(Status.Code.ALREADY_EXISTS, false, Outcome.DEFINITE),
    /** The learner is too far behind to become a voter. */
    LEARNER_NOT_READY(Status.Code.FAILED_PRECONDITION, true, Outcome.DEFINITE),
    /** The change would leave the cluster without a majority of answering voters. */
    UNSAFE_MEMBERSHIP(Status.Code.FAILED_PRECONDITION, false, Outcome.DEFINITE),
    /** Another membership change is under way. */
    MEMBERSHIP_BUSY(Status.Code.UNAVAILABLE, true, Outcome.DEFINITE),
    /** The revision lies below the compaction revision; detail {@code compact_revision}. */
    COMPACTED(Status.Code.OUT_OF_RANGE, false, Outcome.DEFINITE),
    /** The revision lies above the current one; detail {@code current_revision}. */
    FUTURE_REVISION(Status.Code.OUT_OF_RANGE, false, Outcome.DEFINITE),
    /** The member did not reach the wanted revision in time; detail {@code current_revision}. */
    REVISION_NOT_REACHED(Status.Code.UNAVAILABLE, true, Outcome.DEFINITE),
    /** The stream held its data for longer than its limit; go on from the last key at the same revision. */
    STREAM_EXPIRED(Status.Code.ABORTED, false, Outcome.DEFINITE),
    /** The lock is not held under the token named; details {@code holder_token}, {@code holder_owner}. */
    LOCK_NOT_HELD(Status.Code.FAILED_PRECONDITION, false, Outcome.DEFINITE),
    /** The entry in the queue ended before the lock was granted: its lease ended, or it was taken out. */
    LOCK_LOST(Status.Code.ABORTED, false, Outcome.DEFINITE),
    /** The name is in use as another kind of lock, or with another number of permits or parties. */
    LOCK_MISMATCH(Status.Code.FAILED_PRECONDITION, false, Outcome.DEFINITE),
    /** What was waited for did not happen in the time given. */
    WAIT_TIMEOUT(Status.Code.ABORTED, false, Outcome.DEFINITE),
    /** There is no such latch, or no longer. */
    LATCH_NOT_FOUND(Status.Code.NOT_FOUND, false, Outcome.DEFINITE),
    /** A latch of that name exists. */
    LATCH_EXISTS(Status.Code.ALREADY_EXISTS, false, Outcome.DEFINITE),
    /** The operation was applied before, but its answer was too large to be kept; detail {@code revision}. */
    ALREADY_APPLIED(Status.Code.ALREADY_EXISTS, false, Outcome.DEFINITE),
    /** The operation's sequence number is older than what the members remember of this client. */
    STALE_OPERATION(Status.Code.FAILED_PRECONDITION, false, Outcome.UNKNOWN),
    /** No leader is known, or the member asked is not the leader and cannot reach it. Nothing was proposed. */
    NO_LEADER(Status.Code.UNAVAILABLE, true, Outcome.DEFINITE),
    /** The member is starting, catching up or stopping. Nothing was proposed. */
    NOT_READY(Status.Code.UNAVAILABLE, true, Outcome.DEFINITE),
    /** A queue is full. Nothing was proposed; try again later. */
    OVERLOADED(Status.Code.RESOURCE_EXHAUSTED, true, Outcome.DEFINITE),
    /** Leadership was lost, or time ran out, after the change was proposed: it may or may not take effect. */
    OUTCOME_UNKNOWN(Status.Code.UNAVAILABLE, true, Outcome.UNKNOWN),
    /** The call's deadline passed. */
    DEADLINE_EXCEEDED(Status.Code.DEADLINE_EXCEEDED, true, Outcome.UNKNOWN),
    /** The caller ended the call. */
    CANCELED(Status.Code.CANCELLED, false, Outcome.UNKNOWN),
    /** The connection failed while the call was under way. */
    CONNECTION_LOST(Status.Code.UNAVAILABLE, true, Outcome.UNKNOWN),
    /** The connection could not be made: the call was never sent. */
    UNREACHABLE(Status.Code.UNAVAILABLE, true, Outcome.DEFINITE),
    /** The member does not offer this call. */
    UNIMPLEMENTED(Status.Code.UNIMPLEMENTED, false, Outcome.DEFINITE),
    /** A defect of Store; the member's log has more. */
    INTERNAL(Status.Code.INTERNAL, false, Outcome.UNKNOWN);

    /** Whether an error proves that nothing was changed. */
    public enum Outcome {
        /** Nothing was changed by this call. */
        DEFINITE,
        /** The change may have taken effect, or may still. */
        UNKNOWN
    }

    private final Status.Code grpcCode;
    private final boolean retryable;
    private final Outcome outcome;

    ErrorCode(Status.Code grpcCode, boolean retryable, Outcome outcome) {
        this.grpcCode = grpcCode;
        this.retryable = retryable;
        this.outcome = outcome;
    }

    /** The gRPC status code that carries this error. */
    public Status.Code grpcCode() {
        return grpcCode;
    }

    /** Whether the same call may succeed when sent again unchanged. */
    public boolean retryable() {
        return retryable;
    }

    /** Whether this error proves that nothing was changed. */
    public Outcome outcome() {
        return outcome;
    }
}
