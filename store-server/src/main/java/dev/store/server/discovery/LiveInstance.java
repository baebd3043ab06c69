package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import dev.store.api.v1.CheckState;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An instance as it is at some revision. Immutable, and encoded at most once however often it is sent. */
final class LiveInstance {
    /** Where an instance without weight stands. */
    static final int DEFAULT_WEIGHT = 100;

    private final InstanceKey key;
    private final InstanceState state;
    private final long leaseId;
    private final long criticalRevision;
    private final boolean lapseUnnoted;
    private final Map<String, Long> checkRevisions;
    private volatile @Nullable ByteString encoded;

    /**
     * Makes an instance.
     *
     * @param leaseId lease of its heartbeat; 0 if it is persistent or has lapsed
     * @param criticalRevision revision since which it has been critical without interruption; 0 if it is not
     * @param lapseUnnoted whether it has lapsed and no record says since when
     * @param checkRevisions revision of the record of each check that has one
     */
    LiveInstance(
            InstanceKey key,
            InstanceState state,
            long leaseId,
            long criticalRevision,
            boolean lapseUnnoted,
            Map<String, Long> checkRevisions) {
        this.key = key;
        this.state = state;
        this.leaseId = leaseId;
        this.criticalRevision = criticalRevision;
        this.lapseUnnoted = lapseUnnoted;
        this.checkRevisions = Map.copyOf(checkRevisions);
    }

    InstanceKey key() {
        return key;
    }

    InstanceState state() {
        return state;
    }

    Instance instance() {
        return state.getInstance();
    }

    HealthStatus status() {
        return state.getStatus();
    }

    boolean critical() {
        return state.getStatus() == HealthStatus.HEALTH_STATUS_CRITICAL;
    }

    boolean draining() {
        return state.getInstance().getDraining();
    }

    boolean ephemeral() {
        return state.getInstance().getTtlMs() > 0;
    }

    List<CheckState> checks() {
        return state.getChecksList();
    }

    long leaseId() {
        return leaseId;
    }

    long criticalRevision() {
        return criticalRevision;
    }

    boolean lapseUnnoted() {
        return lapseUnnoted;
    }

    /** Revision of the record of a check; 0 if there is none. */
    long checkRevision(String check) {
        return checkRevisions.getOrDefault(check, 0L);
    }

    /** The encoded {@link InstanceState}. */
    ByteString encoded() {
        ByteString bytes = encoded;
        if (bytes == null) {
            bytes = state.toByteString();
            encoded = bytes;
        }
        return bytes;
    }

    /** Whether whoever has been sent the one need not be sent the other. */
    boolean looksLike(LiveInstance other) {
        return this == other
                || (state.getModRevision() == other.state.getModRevision()
                        && encoded().equals(other.encoded()));
    }
}
