package dev.store.jepsen.workload;

import dev.store.api.v1.GetRequest;
import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseRevokeRequest;
import dev.store.api.v1.LockGuard;
import dev.store.api.v1.LockMode;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.LockResponse;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.UnlockRequest;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.NodeClient;
import dev.store.jepsen.history.Recorder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Owners that lock, work and unlock, whose leases nobody keeps alive: one that works for too long is as one that was
 * paused, and goes on as if it held the lock. What they protect is a counter in the store, guarded by their tokens, and one
 * outside of it.
 */
public final class LockWorkload extends ClientsWorkload {
    private static final int CLIENTS = 8;
    private static final int LOCKS = 2;
    private static final long TTL_MS = 2_000;
    private static final long WAIT_MS = 2_500;
    private static final Duration LOCKING = Duration.ofMillis(WAIT_MS + 2_000);

    private final int permits;
    private final String prefix;
    private final AtomicLong owners = new AtomicLong();
    private final Map<String, FencedResource> resources = new ConcurrentHashMap<>();

    /** Locks that so many may hold at a time. */
    public LockWorkload(List<Node> nodes, Recorder recorder, Random random, int permits) {
        super(nodes, recorder, random, Crowd.of("lock", CLIENTS, 5));
        this.permits = permits;
        this.prefix = permits == 1 ? "lock/" : "semaphore/";
    }

    @Override
    Runnable client(Random mine) {
        Caller caller = newCaller(mine);
        return () -> turn(caller, mine);
    }

    /** A lease with a key that ends with it, so that its end is seen in the timeline. */
    private record Owned(long lease, String mark, long sentNanos) {}

    private void turn(Caller caller, Random mine) {
        Optional<Owned> owned = own(caller);
        if (owned.isEmpty()) {
            return;
        }
        String name = prefix + (permits == 1 ? mine.nextInt(LOCKS) : 0);
        String owner = "owner-" + owners.incrementAndGet();
        Optional<Long> token = lock(caller, name, owner, owned.get());
        if (token.isPresent()) {
            if (permits == 1) {
                work(caller, name, token.get(), mine);
            } else {
                Await.pass(Duration.ofMillis(mine.nextInt(200)));
            }
            // One in ten forgets it: its lock ends with its lease, and not before.
            if (mine.nextInt(10) == 0) {
                return;
            }
            caller.change(
                    "unlock",
                    token.get(),
                    Map.of("key", name),
                    client -> unlock(client, name, owner, owned.get().lease(), token.get()));
        }
        if (mine.nextInt(4) > 0) {
            caller.change(
                    "revoke",
                    owned.get().lease(),
                    Map.of(),
                    client -> Caller.Answer.at(
                            null,
                            client.lease(Caller.DEADLINE)
                                    .revoke(LeaseRevokeRequest.newBuilder()
                                            .setLeaseId(owned.get().lease())
                                            .build())
                                    .getHeader()
                                    .getRevision()));
        }
    }

    private Optional<Owned> own(Caller caller) {
        long[] sent = new long[1];
        Optional<Caller.Answer> granted = caller.change("own", TTL_MS, Map.of(), client -> {
            sent[0] = recorder.nanos();
            LeaseGrantResponse response = client.lease(Caller.DEADLINE)
                    .grant(LeaseGrantRequest.newBuilder().setTtlMs(TTL_MS).build());
            return Caller.Answer.of(response.getLeaseId(), Map.of());
        });
        if (granted.isEmpty() || !(granted.get().value() instanceof Long lease)) {
            return Optional.empty();
        }
        String mark = prefix + "mark/" + lease;
        Put put = Put.newBuilder()
                .setKey(Caller.bytes(mark))
                .setValue(Caller.bytes("owned"))
                .setLeaseId(lease)
                .build();
        return caller.change(
                        "mark",
                        lease,
                        Map.of(),
                        client -> Caller.Answer.at(
                                null,
                                client.kv(Caller.DEADLINE)
                                        .put(PutRequest.newBuilder().setPut(put).build())
                                        .getHeader()
                                        .getRevision()))
                .map(answer -> new Owned(lease, mark, sent[0]));
    }

    private Optional<Long> lock(Caller caller, String name, String owner, Owned owned) {
        LockRequest request = LockRequest.newBuilder()
                .setName(name)
                .setOwner(owner)
                .setMode(permits == 1 ? LockMode.LOCK_MODE_EXCLUSIVE : LockMode.LOCK_MODE_PERMIT)
                .setPermits(permits == 1 ? 0 : permits)
                .setLeaseId(owned.lease())
                .setWaitMs(WAIT_MS)
                .build();
        Map<String, Object> facts = new HashMap<>();
        facts.put("key", name);
        facts.put("mark", owned.mark());
        facts.put("lease-sent", owned.sentNanos());
        facts.put("ttl", TTL_MS);
        return caller.change("lock", owner, facts, client -> {
                    LockResponse response = LocksGrpc.newBlockingStub(client.channel())
                            .withDeadlineAfter(LOCKING.toMillis(), TimeUnit.MILLISECONDS)
                            .lock(request);
                    return Caller.Answer.of(
                            response.getToken(),
                            Map.of(
                                    "revision", response.getHeader().getRevision(),
                                    "token", response.getToken()));
                })
                .map(answer -> (Long) answer.facts().getOrDefault("token", 0L));
    }

    private void work(Caller caller, String name, long token, Random mine) {
        String counter = name + "/count";
        FencedResource resource = resources.computeIfAbsent(name, same -> new FencedResource());
        Optional<Caller.Answer> seen = caller.look("count", null, Map.of("key", counter), client -> {
            var response = client.kv(Caller.DEADLINE)
                    .get(GetRequest.newBuilder().setKey(Caller.bytes(counter)).build());
            String value = response.hasEntry() ? response.getEntry().getValue().toStringUtf8() : "0:0";
            return Caller.Answer.at(
                    Long.parseLong(value.substring(value.indexOf(':') + 1)),
                    response.getHeader().getRevision());
        });
        long outside = resource.read(token);
        // One in five works for longer than its lease may live.
        Await.pass(Duration.ofMillis(mine.nextInt(mine.nextInt(5) == 0 ? (int) (2 * TTL_MS) : 60)));
        if (seen.isPresent() && seen.get().value() instanceof Long count) {
            caller.change(
                    "guarded",
                    List.of(token, count + 1),
                    Map.of("key", counter),
                    client -> write(client, name, counter, token, count + 1));
        }
        if (outside >= 0) {
            caller.change(
                    "resource",
                    List.of(token, outside + 1),
                    Map.of("key", name),
                    client -> resource.write(token, outside + 1)
                            ? Caller.Answer.of(null, Map.of())
                            : Caller.Answer.refused("an older token"));
        }
    }

    private static Caller.Answer write(NodeClient client, String lock, String counter, long token, long count) {
        Put put = Put.newBuilder()
                .setKey(Caller.bytes(counter))
                .setValue(Caller.bytes(token + ":" + count))
                .addRequiredLocks(LockGuard.newBuilder().setName(lock).setToken(token))
                .build();
        return Caller.Answer.at(
                null,
                client.kv(Caller.DEADLINE)
                        .put(PutRequest.newBuilder().setPut(put).build())
                        .getHeader()
                        .getRevision());
    }

    private static Caller.Answer unlock(NodeClient client, String name, String owner, long lease, long token) {
        UnlockRequest request = UnlockRequest.newBuilder()
                .setName(name)
                .setOwner(owner)
                .setLeaseId(lease)
                .setToken(token)
                .build();
        return Caller.Answer.at(
                null,
                LocksGrpc.newBlockingStub(client.channel())
                        .withDeadlineAfter(Caller.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                        .unlock(request)
                        .getHeader()
                        .getRevision());
    }
}
