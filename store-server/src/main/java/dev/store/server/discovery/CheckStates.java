package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Check;
import dev.store.api.v1.CheckState;

/** Finds checks of instances, and cuts what they say. */
final class CheckStates {
    private CheckStates() {}

    /** The present state of a check of an instance. */
    static CheckState find(LiveInstance live, String name) {
        for (CheckState state : live.checks()) {
            if (state.getName().equals(name) && !name.equals(InstanceKey.HEARTBEAT)) {
                return state;
            }
        }
        throw notFound(live, name);
    }

    /** The definition of a check whose status its owner reports. */
    static Check reported(LiveInstance live, String name) {
        for (Check check : live.instance().getChecksList()) {
            if (check.getName().equals(name) && check.hasReported()) {
                return check;
            }
        }
        throw notFound(live, name);
    }

    private static StoreException notFound(LiveInstance live, String name) {
        return new StoreException(
                ErrorCode.CHECK_NOT_FOUND,
                "check: " + InstanceRequests.shown(name) + " (expected: a reported check of instance " + live.key()
                        + ")");
    }

    /** An output of at most 4 KiB, cut between characters. */
    static String shortened(String output) {
        ByteString bytes = ByteString.copyFromUtf8(output);
        if (bytes.size() <= Limits.CHECK_OUTPUT_BYTES) {
            return output;
        }
        int end = Limits.CHECK_OUTPUT_BYTES;
        while ((bytes.byteAt(end) & 0xc0) == 0x80) {
            end--;
        }
        return bytes.substring(0, end).toStringUtf8();
    }
}
