package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.ServicePolicy;
import dev.store.api.v1.ServiceSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service as it is at the revision of its last change. Immutable; what is sent to many is encoded once.
 *
 * <p>It also knows how it differs from the snapshot before, in encoded form: nearly all watchers have been sent that one.
 */
final class ServiceSnapshot {
    private final String name;
    private final List<LiveInstance> instances;
    private final @Nullable ServicePolicy setPolicy;
    private final ServiceSummary summary;
    private volatile @Nullable ByteString plainAnswer;
    private volatile @Nullable SnapshotChange change;

    /**
     * Makes a snapshot.
     *
     * @param instances in order of node and id
     * @param wasProtected whether the service was protected before
     * @param lastChange revision of the last change
     */
    ServiceSnapshot(
            String name,
            List<LiveInstance> instances,
            @Nullable ServicePolicy policy,
            boolean wasProtected,
            long lastChange) {
        this.name = name;
        this.instances = List.copyOf(instances);
        this.setPolicy = policy;
        this.summary = summarize(wasProtected, lastChange);
    }

    private ServiceSummary summarize(boolean wasProtected, long lastChange) {
        int[] counts = new int[HealthStatus.HEALTH_STATUS_CRITICAL_VALUE + 1];
        int draining = 0;
        int serving = 0;
        int healthy = 0;
        for (LiveInstance instance : instances) {
            counts[instance.status().getNumber()]++;
            if (instance.draining()) {
                draining++;
            } else {
                serving++;
                healthy += instance.critical() ? 0 : 1;
            }
        }
        ServiceSummary.Builder made = ServiceSummary.newBuilder()
                .setService(name)
                .setInstances(instances.size())
                .setPassing(counts[HealthStatus.HEALTH_STATUS_PASSING_VALUE])
                .setWarning(counts[HealthStatus.HEALTH_STATUS_WARNING_VALUE])
                .setCritical(counts[HealthStatus.HEALTH_STATUS_CRITICAL_VALUE])
                .setDraining(draining)
                .setProtected(Protection.protects(wasProtected, healthy, serving, Protection.percent(policy())))
                .setLastChangeRevision(lastChange);
        if (setPolicy != null) {
            made.setPolicy(setPolicy);
        }
        return made.build();
    }

    String name() {
        return name;
    }

    List<LiveInstance> instances() {
        return instances;
    }

    /** The policy; the default one if none was set. */
    ServicePolicy policy() {
        return setPolicy == null ? ServicePolicy.getDefaultInstance() : setPolicy;
    }

    ServiceSummary summary() {
        return summary;
    }

    boolean isProtected() {
        return summary.getProtected();
    }

    long lastChange() {
        return summary.getLastChangeRevision();
    }

    @Nullable
    LiveInstance find(InstanceKey key) {
        int low = 0;
        int high = instances.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = instances.get(middle).key().compareTo(key);
            if (order == 0) {
                return instances.get(middle);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** What all answers about the service say, without header and instances. */
    ResolveResponse.Builder answer() {
        ResolveResponse.Builder answer = ResolveResponse.newBuilder()
                .setKnown(true)
                .setProtected(isProtected())
                .setLastChangeRevision(lastChange());
        if (setPolicy != null) {
            answer.setPolicy(setPolicy);
        }
        return answer;
    }

    /** The encoded answer to a request without filters, without its header. */
    ByteString plainAnswer() {
        ByteString bytes = plainAnswer;
        if (bytes == null) {
            bytes = Selection.of(this, dev.store.api.v1.ResolveRequest.getDefaultInstance())
                    .encoded(this);
            plainAnswer = bytes;
        }
        return bytes;
    }

    /** What a watcher is sent that was sent another snapshot last, or nothing. */
    SnapshotChange changeFrom(@Nullable ServiceSnapshot before) {
        SnapshotChange known = change;
        if (known != null && known.before() == before) {
            return known;
        }
        SnapshotChange made = SnapshotChange.between(before, this);
        // One is enough: at a time, nearly all watchers come from the same snapshot. It is not kept where it would keep
        // a chain of old snapshots alive.
        if (before != null) {
            before.change = null;
        }
        change = made;
        return made;
    }
}
