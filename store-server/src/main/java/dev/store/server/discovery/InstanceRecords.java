package dev.store.server.discovery;

import dev.store.api.v1.Check;
import dev.store.api.v1.CheckState;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceState;
import dev.store.raft.keyspace.KeyRecord;
import dev.store.raft.v1.CheckRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of one instance, as the thread of the view knows them. */
final class InstanceRecords {
    private record CheckResult(CheckRecord value, long revision, long atMs) {}

    private final InstanceKey key;
    private final Map<String, CheckResult> checks = new TreeMap<>();
    private @Nullable Instance definition;
    private @Nullable KeyRecord definitionRecord;
    private @Nullable KeyRecord heartbeat;
    private long lapsedAtMs;
    private long criticalRevision;
    private @Nullable LiveInstance live;

    InstanceRecords(InstanceKey key) {
        this.key = key;
    }

    void definition(@Nullable Instance instance, @Nullable KeyRecord record) {
        if (instance == null) {
            // What comes after is another instance, whatever its name.
            criticalRevision = 0;
            lapsedAtMs = 0;
        }
        definition = instance;
        definitionRecord = record;
        live = null;
    }

    /** @param atMs time of the change; 0 while the view is loaded */
    void heartbeat(@Nullable KeyRecord record, long atMs) {
        if (record == null && heartbeat != null) {
            lapsedAtMs = atMs;
        }
        heartbeat = record;
        live = null;
    }

    void check(String name, @Nullable CheckRecord value, long revision, long atMs) {
        if (value == null) {
            checks.remove(name);
        } else {
            checks.put(name, new CheckResult(value, revision, atMs));
        }
        live = null;
    }

    boolean isEmpty() {
        return definition == null && heartbeat == null && checks.isEmpty();
    }

    /**
     * The instance as it is; null if it is not registered. The same object as before if nothing was changed.
     *
     * @param revision the revision that the records show
     */
    @Nullable
    LiveInstance live(long revision) {
        LiveInstance known = live;
        Instance instance = definition;
        KeyRecord record = definitionRecord;
        if (known != null || instance == null || record == null) {
            return known;
        }
        List<CheckState> states = states(instance, record);
        HealthStatus status = HealthStatus.HEALTH_STATUS_PASSING;
        for (CheckState state : states) {
            status = state.getStatusValue() > status.getNumber() ? state.getStatus() : status;
        }
        if (status != HealthStatus.HEALTH_STATUS_CRITICAL) {
            criticalRevision = 0;
        } else if (criticalRevision == 0) {
            criticalRevision = revision;
        }
        InstanceState state = InstanceState.newBuilder()
                .setInstance(instance)
                .setStatus(status)
                .setSinceMs(since(states, status, record))
                .addAllChecks(states)
                .setCreateRevision(record.createRevision())
                .setModRevision(record.modRevision())
                .setRegisteredAtMs(record.createdAtMs())
                .setModifiedBy(record.modifiedBy())
                .build();
        Map<String, Long> revisions = new HashMap<>();
        checks.forEach((name, result) -> revisions.put(name, result.revision));
        boolean lapsed = instance.getTtlMs() > 0 && heartbeat == null;
        LiveInstance made = new LiveInstance(
                key,
                state,
                heartbeat == null ? 0 : heartbeat.leaseId(),
                criticalRevision,
                lapsed && !checks.containsKey(InstanceKey.HEARTBEAT),
                revisions);
        live = made;
        return made;
    }

    private List<CheckState> states(Instance instance, KeyRecord record) {
        List<CheckState> states = new ArrayList<>(instance.getChecksCount() + 1);
        if (instance.getTtlMs() > 0) {
            states.add(heartbeatState(instance, record));
        }
        for (Check check : instance.getChecksList()) {
            CheckResult result = checks.get(check.getName());
            CheckState.Builder state = CheckState.newBuilder().setName(check.getName());
            if (result == null) {
                boolean said = check.getInitial() != HealthStatus.HEALTH_STATUS_UNSPECIFIED;
                state.setStatus(said ? check.getInitial() : HealthStatus.HEALTH_STATUS_CRITICAL)
                        .setOutput("no result yet")
                        .setSinceMs(record.createdAtMs());
            } else {
                state.setStatus(result.value.getStatus())
                        .setOutput(result.value.getOutput())
                        .setSinceMs(result.value.getSinceMs() == 0 ? result.atMs : result.value.getSinceMs());
            }
            states.add(state.build());
        }
        return states;
    }

    private CheckState heartbeatState(Instance instance, KeyRecord record) {
        CheckState.Builder state = CheckState.newBuilder().setName(InstanceKey.HEARTBEAT);
        KeyRecord alive = heartbeat;
        if (alive != null) {
            return state.setStatus(HealthStatus.HEALTH_STATUS_PASSING)
                    .setSinceMs(alive.createdAtMs())
                    .build();
        }
        CheckResult noted = checks.get(InstanceKey.HEARTBEAT);
        long since = noted != null ? noted.value.getSinceMs() : lapsedAtMs;
        return state.setStatus(HealthStatus.HEALTH_STATUS_CRITICAL)
                .setOutput("no heartbeat within " + instance.getTtlMs() + " ms")
                .setSinceMs(since == 0 ? record.modifiedAtMs() : since)
                .build();
    }

    /** A bad status since the first check that has it, a good one since the last check that got it. */
    private static long since(List<CheckState> states, HealthStatus status, KeyRecord record) {
        boolean good = status == HealthStatus.HEALTH_STATUS_PASSING;
        long since = good ? record.createdAtMs() : Long.MAX_VALUE;
        for (CheckState state : states) {
            if (state.getStatus() == status) {
                since = good ? Math.max(since, state.getSinceMs()) : Math.min(since, state.getSinceMs());
            }
        }
        return since;
    }
}
