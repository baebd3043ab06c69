package dev.store.api.client;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.LeaseKeepAliveRequest;
import dev.store.api.v1.LeaseKeepAliveResponse;
import dev.store.api.v1.LeaseKeepAliveResult;
import io.grpc.SynchronizationContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Renews the leases of a client: all that are about due in one message for each namespace, on one stream. A stream that
 * fails, or does not answer in time, is left for one to another member.
 *
 * <p>Everything here happens within one synchronization context: no locks, no blocking.
 */
final class KeepAlives {
    private static final Backoff BACKOFF = new Backoff(50_000_000L, 1_000_000_000L);
    private static final long SHORTEST_PATIENCE_NANOS = 300_000_000L;
    private static final long LONGEST_PATIENCE_NANOS = 5_000_000_000L;

    /** One message under way: handles by the id they renew. */
    private record Batch(Map<Long, List<KeptLease>> leases, long sentNanos) {}

    private final Connection connection;
    private final SynchronizationContext context;
    private final Set<KeptLease> kept = new LinkedHashSet<>();
    private final List<Batch> underWay = new ArrayList<>();
    private @Nullable KeepAliveStream stream;
    private @Nullable Endpoint failed;
    private @Nullable StoreException lastFailure;
    private Timer.@Nullable Task wake;
    private long pausedUntilNanos;
    private boolean paused;
    private int failures;
    private boolean closed;

    KeepAlives(Connection connection) {
        this.connection = connection;
        this.context = new SynchronizationContext((thread, failure) -> loseAll(GrpcErrors.fromGrpc(failure)));
    }

    SynchronizationContext context() {
        return context;
    }

    void add(KeptLease lease) {
        context.execute(() -> {
            if (closed) {
                lease.lose(closedError());
            } else {
                kept.add(lease);
                tick();
            }
        });
    }

    void remove(KeptLease lease) {
        context.execute(() -> {
            if (kept.remove(lease)) {
                tick();
            }
        });
    }

    /** Loses what has ended, leaves a stream that does not answer, renews what is due, and sets the clock for the next. */
    private void tick() {
        if (wake != null) {
            wake.cancel();
            wake = null;
        }
        long now = System.nanoTime();
        for (KeptLease lease : new ArrayList<>(kept)) {
            if (lease.endsNanos() - now <= 0) {
                kept.remove(lease);
                lease.lose(notAcknowledged(lease));
            }
        }
        if (kept.isEmpty() || closed) {
            closeStream();
            return;
        }
        if (stream != null && !underWay.isEmpty() && now - underWay.get(0).sentNanos() > patienceNanos()) {
            KeepAliveStream hung = stream;
            hung.close();
            ended(
                    hung,
                    new StoreException(
                            ErrorCode.DEADLINE_EXCEEDED,
                            hung.endpoint().address() + ": no answer to a renewal within " + patienceNanos() / 1_000_000
                                    + " ms"));
            return;
        }
        if (!paused || pausedUntilNanos - now <= 0) {
            paused = false;
            renew(now);
        }
        wake = connection.timer().after(nextNanos(now) - now, () -> context.execute(this::tick));
    }

    private void renew(long now) {
        boolean due = false;
        for (KeptLease lease : kept) {
            due |= lease.dueNanos() - now <= 0;
        }
        if (!due) {
            return;
        }
        Map<String, Map<Long, List<KeptLease>>> byNamespace = new LinkedHashMap<>();
        for (KeptLease lease : kept) {
            if (lease.dueNanos() - now <= lease.slackNanos()) {
                byNamespace
                        .computeIfAbsent(lease.namespace(), namespace -> new LinkedHashMap<>())
                        .computeIfAbsent(lease.id(), id -> new ArrayList<>(1))
                        .add(lease);
                // Again if this one is not answered.
                lease.due(now + Math.max(SHORTEST_PATIENCE_NANOS, lease.ttlNanos() / 3));
            }
        }
        if (stream == null) {
            KeepAliveStream opened =
                    new KeepAliveStream(this, connection.endpoints().pick(failed));
            stream = opened;
            opened.open();
        }
        for (Map.Entry<String, Map<Long, List<KeptLease>>> entry : byNamespace.entrySet()) {
            send(entry.getKey(), entry.getValue(), now);
        }
    }

    private void send(String namespace, Map<Long, List<KeptLease>> leases, long now) {
        Map<Long, List<KeptLease>> part = new LinkedHashMap<>();
        for (Map.Entry<Long, List<KeptLease>> lease : leases.entrySet()) {
            part.put(lease.getKey(), lease.getValue());
            if (part.size() == Limits.KEEPALIVE_LEASES) {
                sendPart(namespace, part, now);
                part = new LinkedHashMap<>();
            }
        }
        if (!part.isEmpty()) {
            sendPart(namespace, part, now);
        }
    }

    private void sendPart(String namespace, Map<Long, List<KeptLease>> part, long now) {
        KeepAliveStream open = stream;
        if (open != null) {
            underWay.add(new Batch(part, now));
            open.send(LeaseKeepAliveRequest.newBuilder()
                    .setNamespace(namespace)
                    .addAllLeaseIds(part.keySet())
                    .build());
        }
    }

    /** When something is to be done next. */
    private long nextNanos(long now) {
        long next = now + LONGEST_PATIENCE_NANOS;
        for (KeptLease lease : kept) {
            next = earlier(next, lease.endsNanos());
            if (!paused) {
                next = earlier(next, lease.dueNanos());
            }
        }
        if (paused) {
            next = earlier(next, pausedUntilNanos);
        }
        if (!underWay.isEmpty()) {
            next = earlier(next, underWay.get(0).sentNanos() + patienceNanos());
        }
        // Not exactly then, but just after: the clock of the timer is another.
        return next + 1_000_000L;
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }

    /** How long an answer may take: a third of the shortest time to live, within bounds. */
    private long patienceNanos() {
        long patience = LONGEST_PATIENCE_NANOS;
        for (KeptLease lease : kept) {
            if (lease.ttlNanos() > 0) {
                patience = Math.min(patience, lease.ttlNanos() / 3);
            }
        }
        return Math.max(SHORTEST_PATIENCE_NANOS, patience);
    }

    void answered(KeepAliveStream from, LeaseKeepAliveResponse response) {
        if (from != stream) {
            return;
        }
        Batch batch = null;
        for (Batch candidate : underWay) {
            if (answers(response, candidate)) {
                batch = candidate;
                break;
            }
        }
        if (batch == null) {
            return; // To nothing that was asked: no lease may live longer by it.
        }
        underWay.remove(batch);
        failures = 0;
        failed = null;
        lastFailure = null;
        from.endpoint().succeeded();
        for (LeaseKeepAliveResult result : response.getResultsList()) {
            for (KeptLease lease : batch.leases().getOrDefault(result.getLeaseId(), List.of())) {
                if (!kept.contains(lease)) {
                    continue;
                }
                if (result.getTtlMs() > 0) {
                    lease.renewed(result.getTtlMs() * 1_000_000L, batch.sentNanos());
                } else {
                    kept.remove(lease);
                    lease.lose(KeptLease.notFound(lease.id()));
                }
            }
        }
        tick();
    }

    private static boolean answers(LeaseKeepAliveResponse response, Batch batch) {
        if (response.getResultsCount() != batch.leases().size()) {
            return false;
        }
        int place = 0;
        for (long id : batch.leases().keySet()) {
            if (response.getResults(place++).getLeaseId() != id) {
                return false;
            }
        }
        return true;
    }

    void ended(KeepAliveStream from, StoreException cause) {
        if (from != stream) {
            return;
        }
        stream = null;
        long now = System.nanoTime();
        for (Batch batch : underWay) {
            for (List<KeptLease> leases : batch.leases().values()) {
                leases.forEach(lease -> lease.due(now));
            }
        }
        underWay.clear();
        from.endpoint().failed(cause.code(), from.channel());
        failed = from.endpoint();
        lastFailure = cause;
        failures++;
        int members = connection.endpoints().size();
        boolean other = members > 1 && failures < members;
        pausedUntilNanos = other ? now : now + BACKOFF.pauseNanos(failures);
        paused = true;
        tick();
    }

    private StoreException notAcknowledged(KeptLease lease) {
        StoreException failure = lastFailure;
        return new StoreException(
                failure == null ? ErrorCode.DEADLINE_EXCEEDED : failure.code(),
                "lease: " + lease.id() + " may have ended: no renewal was acknowledged within its time"
                        + (failure == null ? "" : "; the last failure: " + failure.getMessage()));
    }

    private void closeStream() {
        KeepAliveStream open = stream;
        stream = null;
        underWay.clear();
        if (open != null) {
            open.close();
        }
    }

    private void loseAll(StoreException cause) {
        for (KeptLease lease : new ArrayList<>(kept)) {
            kept.remove(lease);
            lease.lose(cause);
        }
    }

    private static StoreException closedError() {
        return new StoreException(ErrorCode.CANCELED, "client: closed (expected: open)");
    }

    void close() {
        context.execute(() -> {
            closed = true;
            loseAll(closedError());
            tick();
        });
    }
}
