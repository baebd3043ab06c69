package dev.store.server.locks;

import com.google.protobuf.ByteString;
import dev.store.raft.v1.Latch;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of the barrier and of the latch of one name. */
final class Gathering {
    /** Revision of the last change that is shown here. */
    long revision;
    /** Revision at which the barrier opened; 0 while it is closed. */
    long openSince;
    /** Parties inside: their keys, and the revisions of their records. */
    final Map<ByteString, Long> parties = new HashMap<>();

    @Nullable
    Latch latch;

    boolean isEmpty() {
        return openSince == 0 && parties.isEmpty() && latch == null;
    }
}
