package dev.store.server.discovery;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.CheckState;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.Instance;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.ServicePolicy;
import dev.store.api.v1.UpdateInstanceRequest;
import dev.store.raft.v1.CheckRecord;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.HeartbeatRecord;
import dev.store.raft.v1.InstanceRecord;
import dev.store.raft.v1.ServiceRecord;
import dev.store.server.records.RecordCommand;
import dev.store.server.records.Records;
import java.security.SecureRandom;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What changes services: each change is one command, guarded by what was read where it depends on it. */
final class Registry {
    private static final SecureRandom IDS = new SecureRandom();
    private static final int TRIES = 5;

    private final Records records;
    private final ServiceView view;
    private final OutputRate outputs = new OutputRate(System::nanoTime);

    Registry(Records records, ServiceView view) {
        this.records = records;
        this.view = view;
    }

    /**
     * Who asked for what where.
     *
     * @param operation makes a retry safe; null if the caller sent none
     */
    record Origin(String namespace, @Nullable OperationId operation) {
        RecordCommand command() {
            return RecordCommand.in(namespace).operation(operation);
        }
    }

    /**
     * What a check found.
     *
     * @param byOwner whether the owner of the instance says so, and not a member that looked
     */
    record CheckResult(String check, HealthStatus status, String output, boolean byOwner) {}

    ServiceView view() {
        return view;
    }

    Records records() {
        return records;
    }

    CompletableFuture<CommandResult> register(Origin origin, Instance instance) {
        InstanceKey key = InstanceKey.of(instance);
        LiveInstance before = view.find(origin.namespace, key);
        ServiceSnapshot service = view.service(origin.namespace, key.service());
        if (before == null && service != null && service.instances().size() >= Limits.SERVICE_INSTANCES) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "instances of service " + key.service() + ": "
                            + service.instances().size() + " (expected: at most " + Limits.SERVICE_INSTANCES + ")");
        }
        RecordCommand command = origin.command();
        if (instance.getTtlMs() > 0) {
            long lease = newLease();
            command.grant(lease, instance.getTtlMs())
                    .put(key.heartbeatRecord(), HeartbeatRecord.getDefaultInstance(), lease);
        } else {
            command.delete(key.heartbeatRecord());
        }
        command.delete(key.checkRecord(InstanceKey.HEARTBEAT))
                .put(
                        key.instanceRecord(),
                        InstanceRecord.newBuilder().setInstance(instance).build())
                .putIfMissing(key.serviceRecord(), ServiceRecord.getDefaultInstance());
        if (before != null) {
            if (before.leaseId() != 0) {
                command.revoke(before.leaseId());
            }
            forgottenChecks(before, instance).forEach(check -> command.delete(key.checkRecord(check)));
        }
        return records.commit(command.build());
    }

    private static Set<String> forgottenChecks(LiveInstance before, Instance instance) {
        Set<String> names = new LinkedHashSet<>();
        before.checks().forEach(check -> names.add(check.getName()));
        names.remove(InstanceKey.HEARTBEAT);
        instance.getChecksList().forEach(check -> names.remove(check.getName()));
        return names;
    }

    CompletableFuture<CommandResult> deregister(Origin origin, InstanceKey key) {
        LiveInstance before = view.find(origin.namespace, key);
        RecordCommand command = origin.command().whenPresent(key.instanceRecord());
        if (before != null && before.leaseId() != 0) {
            command.revoke(before.leaseId());
        }
        return records.commit(removal(command, key));
    }

    /** Removes all records of an instance, and leaves a trace of when. */
    static Command removal(RecordCommand command, InstanceKey key) {
        return command.delete(key.instanceRecord())
                .delete(key.heartbeatRecord())
                .deleteAll(key.checkRecords())
                .touch(key.serviceRecord())
                .build();
    }

    CompletableFuture<CommandResult> update(Origin origin, InstanceKey key, UpdateInstanceRequest change) {
        return attempt(
                        origin,
                        key,
                        live -> {
                            Instance changed = changed(live.instance(), change);
                            InstanceRequests.instance(changed);
                            return Optional.of(origin.command()
                                    .whenModifiedAt(
                                            key.instanceRecord(), live.state().getModRevision())
                                    .put(
                                            key.instanceRecord(),
                                            InstanceRecord.newBuilder()
                                                    .setInstance(changed)
                                                    .build())
                                    .build());
                        },
                        1)
                .thenApply(Optional::orElseThrow);
    }

    private static Instance changed(Instance present, UpdateInstanceRequest change) {
        Instance.Builder changed = present.toBuilder();
        if (change.hasDraining()) {
            changed.setDraining(change.getDraining());
        }
        if (change.hasWeight()) {
            changed.setWeight(change.getWeight());
        }
        if (change.hasVersion()) {
            changed.setVersion(change.getVersion());
        }
        change.getMetadataRemovedList().forEach(changed::removeMetadata);
        changed.putAllMetadata(change.getMetadataMap());
        if (change.getSetTags()) {
            changed.clearTags().addAllTags(change.getTagsList());
        }
        return changed.build();
    }

    /**
     * Writes the result of a check if it says something new: another status at once, another output only now and then.
     *
     * @return the result of the command; empty if nothing had to be written
     */
    CompletableFuture<Optional<CommandResult>> report(Origin origin, InstanceKey key, CheckResult result) {
        return attempt(origin, key, live -> command(origin, live, result), 1);
    }

    private Optional<Command> command(Origin origin, LiveInstance live, CheckResult result) {
        String check = result.check();
        if (result.byOwner()) {
            CheckStates.reported(live, check);
        }
        CheckState known = CheckStates.find(live, check);
        String output = CheckStates.shortened(result.output());
        long written = live.checkRevision(check);
        boolean same = written > 0 && known.getStatus() == result.status();
        CheckId id = new CheckId(origin.namespace, live.key(), check);
        if (same && (known.getOutput().equals(output) || !outputs.mayWrite(id))) {
            return Optional.empty();
        }
        CheckRecord value = CheckRecord.newBuilder()
                .setStatus(result.status())
                .setOutput(output)
                .setSinceMs(same ? known.getSinceMs() : 0)
                .build();
        return Optional.of(origin.command()
                .whenCreatedAt(live.key().instanceRecord(), live.state().getCreateRevision())
                .whenModifiedAt(live.key().checkRecord(check), written)
                .put(live.key().checkRecord(check), value)
                .build());
    }

    CompletableFuture<CommandResult> setPolicy(Origin origin, String service, @Nullable ServicePolicy policy) {
        ServiceRecord.Builder value = ServiceRecord.newBuilder();
        if (policy != null) {
            value.setPolicy(policy);
        }
        return records.commit(origin.command()
                .put(InstanceKey.serviceRecord(service), value.build())
                .build());
    }

    CompletableFuture<CommandResult> forget(Origin origin, String service) {
        return records.commit(origin.command()
                        .whenNoneStartsWith(InstanceKey.instanceRecords(service))
                        .delete(InstanceKey.serviceRecord(service))
                        .build())
                .thenApply(result -> {
                    if (!result.getTxn().getSucceeded()) {
                        throw new StoreException(
                                ErrorCode.SERVICE_IN_USE,
                                "service: " + service + " has instances (expected: none; deregister them first)");
                    }
                    return result;
                });
    }

    /**
     * Reads an instance, builds a command of it, and does both again if the instance has changed meanwhile. The first
     * attempt reads what this member knows, the others what the cluster knows.
     *
     * @return the result of the command; empty if none was needed
     */
    private CompletableFuture<Optional<CommandResult>> attempt(
            Origin origin, InstanceKey key, Function<LiveInstance, Optional<Command>> build, int number) {
        LiveInstance live = view.find(origin.namespace, key);
        if (live == null && number > 1) {
            return CompletableFuture.failedFuture(unknown(key));
        }
        if (live == null) {
            return again(origin, key, build, number);
        }
        Optional<Command> command;
        try {
            command = build.apply(live);
        } catch (StoreException e) {
            // What this member knows may be old.
            return number > 1 ? CompletableFuture.failedFuture(e) : again(origin, key, build, number);
        }
        if (command.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return records.commit(command.get()).thenCompose(result -> {
            if (result.getTxn().getSucceeded()) {
                return CompletableFuture.completedFuture(Optional.of(result));
            }
            if (number >= TRIES) {
                return CompletableFuture.failedFuture(new StoreException(
                        ErrorCode.OVERLOADED,
                        "instance " + key + " changed " + TRIES
                                + " times while it was to be changed (expected: fewer writers)"));
            }
            return again(origin, key, build, number);
        });
    }

    private CompletableFuture<Optional<CommandResult>> again(
            Origin origin, InstanceKey key, Function<LiveInstance, Optional<Command>> build, int number) {
        return records.fresh(ReadOptions.getDefaultInstance())
                .thenCompose(revision -> attempt(origin, key, build, number + 1));
    }

    static StoreException unknown(InstanceKey key) {
        return new StoreException(
                ErrorCode.INSTANCE_NOT_FOUND,
                "instance: service \"" + key.service() + "\", node \"" + key.node() + "\", id \"" + key.id()
                        + "\" (expected: a registered one)");
    }

    static long newLease() {
        // Positive and never 0; 62 random bits do not collide.
        return (IDS.nextLong() >>> 2) + 1;
    }
}
