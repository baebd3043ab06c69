package dev.store.cli;

import dev.store.api.error.ErrorCode;

/** What the command tells the shell; docs/cli.md has the table for people. */
public final class ExitCode {
    public static final int OK = 0;

    /** The answer is no: what was asked for does not exist, or the condition of a transaction does not hold. */
    public static final int NO = 1;

    /** The command line, or an argument in it, is wrong. */
    public static final int USAGE = 2;

    /** The cluster cannot do it now. Nothing was changed; the same command may succeed later. */
    public static final int UNAVAILABLE = 3;

    /** It is not known whether the change took effect. */
    public static final int UNKNOWN = 4;

    /** The cluster's state does not allow it: it exists already, is compacted, would be unsafe. Nothing was changed. */
    public static final int CONFLICT = 5;

    /** Something failed on this machine, or is a defect. */
    public static final int FAILED = 6;

    private ExitCode() {}

    /** The exit code for an error. */
    public static int of(ErrorCode code) {
        return switch (code) {
            case KEY_NOT_FOUND,
                    LEASE_NOT_FOUND,
                    WATCH_NOT_FOUND,
                    MEMBER_NOT_FOUND,
                    INSTANCE_NOT_FOUND,
                    CHECK_NOT_FOUND,
                    CONFIG_NOT_FOUND,
                    VERSION_NOT_FOUND,
                    SCHEMA_NOT_FOUND,
                    GRAY_NOT_FOUND,
                    LATCH_NOT_FOUND,
                    WAIT_TIMEOUT -> NO;
            case INVALID_ARGUMENT, DUPLICATE_KEY, TOO_LARGE, RESULT_TOO_LARGE, CONTENT_MALFORMED, SCHEMA_MALFORMED ->
                USAGE;
            case NO_LEADER,
                    NOT_READY,
                    OVERLOADED,
                    MEMBERSHIP_BUSY,
                    LEARNER_NOT_READY,
                    REVISION_NOT_REACHED,
                    UNREACHABLE,
                    DEADLINE_EXCEEDED,
                    CONNECTION_LOST,
                    CANCELED,
                    STREAM_EXPIRED -> UNAVAILABLE;
            case OUTCOME_UNKNOWN, STALE_OPERATION -> UNKNOWN;
            case LEASE_EXISTS,
                    MEMBER_EXISTS,
                    SERVICE_IN_USE,
                    DUPLICATE_WATCH,
                    UNSAFE_MEMBERSHIP,
                    COMPACTED,
                    FUTURE_REVISION,
                    LOCK_NOT_HELD,
                    LOCK_LOST,
                    LOCK_MISMATCH,
                    LATCH_EXISTS,
                    ALREADY_APPLIED,
                    VERSION_CONFLICT,
                    SCHEMA_VIOLATED,
                    GRAY_ACTIVE,
                    PLACEHOLDER_UNRESOLVED -> CONFLICT;
            case UNIMPLEMENTED, INTERNAL -> FAILED;
        };
    }
}
