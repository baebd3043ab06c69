package dev.store.server.discovery;

import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Check;
import dev.store.api.v1.CheckState;
import dev.store.api.v1.HealthStatus;
import dev.store.raft.Members;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does this member's part of the active checks. Who does which follows from who is alive; members that see that
 * differently for a moment do a check twice, or late, which harms nothing.
 */
final class ActiveChecks {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveChecks.class);

    private final Replica replica;
    private final Members others;
    private final Registry registry;
    private final Probes probes;
    private final ScheduledExecutorService timer;
    private final Set<String> answering = ConcurrentHashMap.newKeySet();
    private final Map<CheckId, Running> running = new HashMap<>();

    ActiveChecks(Replica replica, Members others, Registry registry, Probes probes, ScheduledExecutorService timer) {
        this.replica = replica;
        this.others = others;
        this.registry = registry;
        this.probes = probes;
        this.timer = timer;
    }

    /** Looks which checks are this member's now, and begins and ends some; called every second or so, by the timer. */
    void run() {
        Map<CheckId, ActiveCheck> all = all();
        if (all.isEmpty()) {
            running.values().forEach(Running::cancel);
            running.clear();
            return;
        }
        survey();
        Set<String> alive = new HashSet<>(answering);
        String self = replica.info().name();
        alive.add(self);
        running.values().removeIf(check -> {
            ActiveCheck wanted = all.get(check.check.id());
            boolean goesOn = wanted != null
                    && check.check.equals(wanted)
                    && CheckOwners.owner(wanted.id(), alive).equals(self);
            if (!goesOn) {
                check.cancel();
            }
            return !goesOn;
        });
        all.forEach((id, check) -> {
            if (!running.containsKey(id) && CheckOwners.owner(id, alive).equals(self)) {
                Running begun = new Running(check);
                running.put(id, begun);
                begun.scheduleFirst();
            }
        });
    }

    private Map<CheckId, ActiveCheck> all() {
        Map<CheckId, ActiveCheck> all = new HashMap<>();
        ServiceView view = registry.view();
        for (String namespace : view.namespaces()) {
            for (ServiceSnapshot service : view.services(namespace).values()) {
                for (LiveInstance live : service.instances()) {
                    for (Check check : live.instance().getChecksList()) {
                        if (ActiveCheck.isActive(check)) {
                            CheckId id = new CheckId(namespace, live.key(), check.getName());
                            all.put(
                                    id,
                                    new ActiveCheck(
                                            id,
                                            live.instance(),
                                            check,
                                            live.state().getCreateRevision()));
                        }
                    }
                }
            }
        }
        return all;
    }

    /** Asks the others whether they are there; the answers count from the next look on. */
    private void survey() {
        ReplicaInfo info = replica.info();
        Set<String> names = new HashSet<>();
        for (ReplicaInfo.MemberAddress member : info.members()) {
            names.add(member.name());
            if (!member.name().equals(info.name())) {
                var unused = others.at(member.clientEndpoint()).status().whenComplete((status, failure) -> {
                    if (failure == null) {
                        answering.add(member.name());
                    } else {
                        answering.remove(member.name());
                    }
                });
            }
        }
        answering.retainAll(names);
    }

    /** One check that this member does. */
    private final class Running {
        private final ActiveCheck check;
        private final Thresholds thresholds;
        private volatile boolean canceled;
        private volatile @Nullable Future<?> next;

        Running(ActiveCheck check) {
            this.check = check;
            LiveInstance live =
                    registry.view().find(check.id().namespace(), check.id().instance());
            this.thresholds =
                    new Thresholds(check.check(), present(live, check.id().check()));
        }

        private static HealthStatus present(@Nullable LiveInstance live, String name) {
            if (live != null) {
                for (CheckState state : live.checks()) {
                    if (state.getName().equals(name)) {
                        return state.getStatus();
                    }
                }
            }
            return HealthStatus.HEALTH_STATUS_CRITICAL;
        }

        /** Soon, but not all at once after a member has come or gone. */
        void scheduleFirst() {
            schedule(ThreadLocalRandom.current().nextLong(Math.min(1_000, check.intervalMs())));
        }

        private void schedule(long delayMs) {
            if (!canceled) {
                try {
                    next = timer.schedule(this::look, delayMs, TimeUnit.MILLISECONDS);
                } catch (RejectedExecutionException e) {
                    canceled = true;
                }
            }
        }

        private void look() {
            var unused = probes.probe(check).whenComplete((found, failure) -> {
                if (canceled) {
                    return;
                }
                report(found);
                long tenth = check.intervalMs() / 10;
                schedule(
                        check.intervalMs() - tenth + ThreadLocalRandom.current().nextLong(2 * tenth));
            });
        }

        private void report(Probes.Result found) {
            HealthStatus status = thresholds.after(found.status());
            CheckId id = check.id();
            try {
                var unused = registry.report(
                                new Registry.Origin(id.namespace(), null),
                                id.instance(),
                                new Registry.CheckResult(id.check(), status, found.output(), false))
                        .whenComplete((written, failure) -> {
                            if (failure != null) {
                                notWritten(GrpcErrors.fromGrpc(failure));
                            }
                        });
            } catch (StoreException e) {
                notWritten(e);
            }
        }

        private void notWritten(StoreException failure) {
            LOG.debug(
                    "result of a check not written, the next one will be: check={} reason={}",
                    check.id(),
                    failure.getMessage());
        }

        void cancel() {
            canceled = true;
            Future<?> scheduled = next;
            if (scheduled != null) {
                scheduled.cancel(false);
            }
        }
    }
}
