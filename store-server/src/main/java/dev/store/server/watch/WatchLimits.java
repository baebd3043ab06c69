package dev.store.server.watch;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;

/**
 * How many watches there may be.
 *
 * @param perStream most on one stream
 * @param perMember most on this member
 */
public record WatchLimits(int perStream, int perMember) {
    /** Throws if one more would be too many. */
    public void check(int onStream, int onMember) {
        if (onStream >= perStream) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "watches on the stream: " + (onStream + 1) + " (expected: at most " + perStream + ")");
        }
        if (onMember >= perMember) {
            throw new StoreException(
                    ErrorCode.OVERLOADED,
                    "watches on the member: " + (onMember + 1) + " (expected: at most " + perMember + ")");
        }
    }
}
