package dev.store.server.discovery;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.HeartbeatOutcome;
import dev.store.api.v1.HeartbeatResponse;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.Replica;
import dev.store.raft.v1.HeartbeatRecord;
import dev.store.raft.v1.RenewedLease;
import dev.store.server.edge.Headers;
import dev.store.server.records.RecordCommand;
import dev.store.server.records.Records;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Takes signs of life. While an instance lives, one is a renewal of its lease, which the leader keeps in memory; only a
 * lapsed instance costs a command.
 */
final class Heartbeats {
    private static final int ATTEMPTS = 3;

    private final Replica replica;
    private final Records records;
    private final ServiceView view;
    private final Headers headers;

    Heartbeats(Replica replica, Registry registry, Headers headers) {
        this.replica = replica;
        this.records = registry.records();
        this.view = registry.view();
        this.headers = headers;
    }

    /** Renews instances, and tells for each what became of it. */
    CompletableFuture<HeartbeatResponse> beat(String namespace, List<InstanceKey> keys) {
        HeartbeatOutcome[] outcomes = new HeartbeatOutcome[keys.size()];
        return new Round(namespace, keys, outcomes)
                .run(places(keys.size()), 1)
                .thenApply(revision -> HeartbeatResponse.newBuilder()
                        .setHeader(headers.at(revision))
                        .addAllOutcomes(Arrays.asList(outcomes))
                        .build());
    }

    private static List<Integer> places(int count) {
        List<Integer> places = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            places.add(i);
        }
        return places;
    }

    private final class Round {
        private final String namespace;
        private final List<InstanceKey> keys;
        private final HeartbeatOutcome[] outcomes;

        Round(String namespace, List<InstanceKey> keys, HeartbeatOutcome[] outcomes) {
            this.namespace = namespace;
            this.keys = keys;
            this.outcomes = outcomes;
        }

        /** Deals with some places of the request; what cannot be decided by what this member knows is looked at again. */
        CompletableFuture<Long> run(List<Integer> places, int attempt) {
            Map<Long, List<Integer>> leases = new LinkedHashMap<>();
            List<Integer> undecided = new ArrayList<>();
            List<CompletableFuture<?>> revivals = new ArrayList<>();
            for (int place : places) {
                LiveInstance live = view.find(namespace, keys.get(place));
                if (live != null && live.ephemeral() && live.leaseId() != 0) {
                    leases.computeIfAbsent(live.leaseId(), id -> new ArrayList<>(1))
                            .add(place);
                } else if (attempt == 1) {
                    undecided.add(place);
                } else if (live == null) {
                    outcomes[place] = HeartbeatOutcome.HEARTBEAT_OUTCOME_UNKNOWN;
                } else if (!live.ephemeral()) {
                    outcomes[place] = HeartbeatOutcome.HEARTBEAT_OUTCOME_PERSISTENT;
                } else {
                    revivals.add(revive(place, live, undecided));
                }
            }
            CompletableFuture<Long> renewed = renew(leases, undecided);
            return CompletableFuture.allOf(revivals.toArray(new CompletableFuture<?>[0]))
                    .thenCompose(done -> renewed)
                    .thenCompose(revision -> again(undecided, revision, attempt));
        }

        private CompletableFuture<Long> again(List<Integer> undecided, long revision, int attempt) {
            List<Integer> places;
            synchronized (undecided) {
                places = List.copyOf(undecided);
            }
            if (places.isEmpty()) {
                return CompletableFuture.completedFuture(revision);
            }
            if (attempt > ATTEMPTS) {
                return CompletableFuture.failedFuture(new StoreException(
                        ErrorCode.OVERLOADED,
                        "instance " + keys.get(places.get(0)) + " changed " + ATTEMPTS
                                + " times during its heartbeat (expected: one owner)"));
            }
            return records.fresh(ReadOptions.getDefaultInstance()).thenCompose(fresh -> run(places, attempt + 1));
        }

        private CompletableFuture<Long> renew(Map<Long, List<Integer>> leases, List<Integer> undecided) {
            if (leases.isEmpty()) {
                return CompletableFuture.completedFuture(replica.info().revision());
            }
            return replica.keepAlive(namespace, List.copyOf(leases.keySet())).thenApply(reply -> {
                for (RenewedLease lease : reply.getLeasesList()) {
                    for (int place : leases.getOrDefault(lease.getLeaseId(), List.of())) {
                        if (lease.getTtlMs() > 0) {
                            outcomes[place] = HeartbeatOutcome.HEARTBEAT_OUTCOME_ALIVE;
                        } else {
                            synchronized (undecided) {
                                undecided.add(place);
                            }
                        }
                    }
                }
                return reply.getRevision();
            });
        }

        private CompletableFuture<?> revive(int place, LiveInstance live, List<Integer> undecided) {
            InstanceKey key = live.key();
            long lease = Registry.newLease();
            return records.commit(RecordCommand.in(namespace)
                            .grant(lease, live.instance().getTtlMs())
                            .whenModifiedAt(key.instanceRecord(), live.state().getModRevision())
                            .whenMissing(key.heartbeatRecord())
                            .put(key.heartbeatRecord(), HeartbeatRecord.getDefaultInstance(), lease)
                            .delete(key.checkRecord(InstanceKey.HEARTBEAT))
                            .build())
                    .thenAccept(result -> {
                        if (result.getTxn().getSucceeded()) {
                            outcomes[place] = HeartbeatOutcome.HEARTBEAT_OUTCOME_REVIVED;
                        } else {
                            synchronized (undecided) {
                                undecided.add(place);
                            }
                        }
                    });
        }
    }
}
