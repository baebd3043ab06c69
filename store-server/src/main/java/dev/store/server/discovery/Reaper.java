package dev.store.server.discovery;

import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.MemberRole;
import dev.store.raft.Replica;
import dev.store.raft.v1.CheckRecord;
import dev.store.server.records.RecordCommand;
import dev.store.server.records.Records;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * On the leader, notes since when instances have been without sign of life, and removes those that were critical for too
 * long. Its clock is monotonic and starts anew with each leadership: a removal may come late, never early. Each removal
 * is guarded by the revisions of what was seen, so that an instance that has come back meanwhile stays.
 */
final class Reaper {
    /** Time of an ephemeral instance that names none. */
    static final long DEFAULT_AFTER_MS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
    private static final int NOTES_PER_COMMAND = 50;
    private static final int UNDER_WAY_MAX = 1_000;

    /** One time without interruption in which an instance was critical. */
    private record Outage(String namespace, InstanceKey key, long criticalRevision, long modRevision) {}

    private final Replica replica;
    private final Records records;
    private final ServiceView view;
    private final LongSupplier nanoClock;
    private final RemovalBudget budget = new RemovalBudget();
    private final Set<Object> underWay = ConcurrentHashMap.newKeySet();
    private Map<Outage, Long> seenNanos = new HashMap<>();
    private long term;

    Reaper(Replica replica, Registry registry, LongSupplier nanoClock) {
        this.replica = replica;
        this.records = registry.records();
        this.view = registry.view();
        this.nanoClock = nanoClock;
    }

    /** One look at everything; called every now and then, by one thread. */
    void run() {
        var info = replica.info();
        if (info.role() != MemberRole.MEMBER_ROLE_LEADER || !info.ready()) {
            seenNanos.clear();
            budget.clear();
            return;
        }
        if (info.term() != term) {
            term = info.term();
            seenNanos.clear();
            budget.clear();
        }
        long now = nanoClock.getAsLong();
        Map<Outage, Long> still = new HashMap<>();
        for (String namespace : view.namespaces()) {
            List<LiveInstance> unnoted = new ArrayList<>();
            for (ServiceSnapshot service : view.services(namespace).values()) {
                if (service.summary().getCritical() > 0) {
                    look(namespace, service, now, still, unnoted);
                }
            }
            note(namespace, unnoted);
        }
        seenNanos = still;
    }

    private void look(
            String namespace, ServiceSnapshot service, long now, Map<Outage, Long> still, List<LiveInstance> unnoted) {
        for (LiveInstance live : service.instances()) {
            if (!live.critical()) {
                continue;
            }
            if (live.lapseUnnoted()) {
                unnoted.add(live);
            }
            Outage outage = new Outage(
                    namespace, live.key(), live.criticalRevision(), live.state().getModRevision());
            long since = seenNanos.getOrDefault(outage, now);
            still.put(outage, since);
            long afterMs = removedAfterMs(live);
            if (afterMs == 0 || now - since < TimeUnit.MILLISECONDS.toNanos(afterMs + Protection.holdMs(service))) {
                continue;
            }
            if (underWay.size() < UNDER_WAY_MAX
                    && !underWay.contains(outage)
                    && budget.take(
                            namespace + "/" + service.name(),
                            service.instances().size(),
                            now)) {
                remove(outage, live);
            }
        }
    }

    /** Time after which an instance is removed; 0 for never. */
    static long removedAfterMs(LiveInstance live) {
        if (live.instance().hasDeregisterAfterMs()) {
            return live.instance().getDeregisterAfterMs();
        }
        return live.ephemeral() ? DEFAULT_AFTER_MS : 0;
    }

    private void remove(Outage outage, LiveInstance live) {
        InstanceKey key = live.key();
        RecordCommand command = RecordCommand.in(outage.namespace)
                .whenModifiedAt(key.instanceRecord(), live.state().getModRevision());
        if (live.ephemeral() && live.leaseId() == 0) {
            command.whenMissing(key.heartbeatRecord());
        } else {
            live.checks().stream()
                    .filter(check -> check.getStatus() == HealthStatus.HEALTH_STATUS_CRITICAL)
                    .forEach(check -> command.whenModifiedAt(
                            key.checkRecord(check.getName()), live.checkRevision(check.getName())));
            if (live.leaseId() != 0) {
                command.revoke(live.leaseId());
            }
        }
        underWay.add(outage);
        var unused = records.commit(Registry.removal(command, key)).whenComplete((result, failure) -> {
            underWay.remove(outage);
            if (failure == null && result.getTxn().getSucceeded()) {
                LOG.info(
                        "instance removed, it was critical for too long: namespace={} instance={} revision={}",
                        outage.namespace,
                        key,
                        result.getRevision());
            }
        });
    }

    /** Writes down since when instances are without sign of life: later nobody could tell. */
    private void note(String namespace, List<LiveInstance> unnoted) {
        List<LiveInstance> batch = new ArrayList<>();
        for (LiveInstance live : unnoted) {
            if (underWay.size() < UNDER_WAY_MAX && underWay.add(live)) {
                batch.add(live);
                if (batch.size() == NOTES_PER_COMMAND) {
                    writeNotes(namespace, batch);
                    batch = new ArrayList<>();
                }
            }
        }
        if (!batch.isEmpty()) {
            writeNotes(namespace, batch);
        }
    }

    private void writeNotes(String namespace, List<LiveInstance> batch) {
        RecordCommand command = RecordCommand.in(namespace);
        for (LiveInstance live : batch) {
            InstanceKey key = live.key();
            command.whenMissing(key.heartbeatRecord())
                    .whenModifiedAt(key.instanceRecord(), live.state().getModRevision())
                    .put(
                            key.checkRecord(InstanceKey.HEARTBEAT),
                            CheckRecord.newBuilder()
                                    .setStatus(HealthStatus.HEALTH_STATUS_CRITICAL)
                                    .setSinceMs(live.checks().get(0).getSinceMs())
                                    .build());
        }
        Set<LiveInstance> noted = new HashSet<>(batch);
        // If one of them has changed, none is noted now; those still due are looked at again in a moment.
        var unused = records.commit(command.build()).whenComplete((result, failure) -> underWay.removeAll(noted));
    }
}
