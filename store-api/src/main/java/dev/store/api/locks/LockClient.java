package dev.store.api.locks;

import dev.store.api.client.Bytes;
import dev.store.api.client.Calls;
import dev.store.api.client.Lease;
import dev.store.api.client.StoreClient;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.DescribeLockRequest;
import dev.store.api.v1.DescribeLockResponse;
import dev.store.api.v1.LockRequest;
import dev.store.api.v1.LockResponse;
import dev.store.api.v1.LocksGrpc;
import dev.store.api.v1.VerifyLockRequest;
import dev.store.api.v1.VerifyLockResponse;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Locks, semaphores, elections, barriers and latches of one namespace. Thread-safe; keep it, for the locks of one client
 * share a lease, which is renewed once for all of them.
 *
 * <pre>{@code
 * LockClient locks = store.locks();
 * try (HeldLock lock = locks.lock("jobs/nightly").join()) {
 *     store.kv().txn(Op.txn().requireLock(lock.name(), lock.token()).then(Op.put("jobs/last", "…"))).join();
 * }
 * }</pre>
 */
public final class LockClient {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final StoreClient store;
    private final Calls calls;
    private final Map<Duration, SharedLease> leases = new ConcurrentHashMap<>();

    /** Made by {@link StoreClient#locks}. */
    public LockClient(StoreClient store) {
        this.store = store;
        this.calls = store.calls();
    }

    /** Waits for an exclusive lock, in the order of those who ask, for one day at most. */
    public CompletableFuture<HeldLock> lock(String name) {
        return lock(LockSpec.exclusive(name));
    }

    /**
     * Waits for a lock, in the order of those who ask. Fails with WAIT_TIMEOUT if it is not granted in time, with LOCK_LOST if
     * the lease is lost meanwhile. Canceling the future leaves the queue.
     */
    public CompletableFuture<HeldLock> lock(LockSpec spec) {
        SharedLease shared = leases.computeIfAbsent(spec.ttl(), ttl -> new SharedLease(store, ttl));
        String owner = owner(spec);
        Asking asking = new Asking(shared);
        var unused = shared.use().whenComplete((lease, failure) -> {
            if (failure != null) {
                asking.fail(failure);
            } else {
                ask(spec, owner, shared, lease, asking);
            }
        });
        return asking;
    }

    /** The lock if it is free now. */
    public CompletableFuture<Optional<HeldLock>> tryLock(String name) {
        return tryLock(LockSpec.exclusive(name).atMost(Duration.ZERO));
    }

    /** The lock if it is granted in the time that the spec allows. */
    public CompletableFuture<Optional<HeldLock>> tryLock(LockSpec spec) {
        return lock(spec).handle((held, failure) -> {
            if (failure == null) {
                return Optional.of(held);
            }
            StoreException error = GrpcErrors.fromGrpc(failure);
            if (error.code() == ErrorCode.WAIT_TIMEOUT) {
                return Optional.empty();
            }
            throw new CompletionException(error);
        });
    }

    /**
     * Stands for election, and completes when elected: an exclusive lock whose value the others see. {@link HeldLock#proclaim}
     * changes the value, {@link HeldLock#unlock} resigns.
     */
    public CompletableFuture<HeldLock> campaign(String election, Bytes value) {
        return lock(LockSpec.exclusive(election).value(value));
    }

    /**
     * Follows the holder of a lock, such as an elected leader: tells the present one, then each change. What changes faster
     * than it is told is told in its last state. The listener is called on a network thread and must not block.
     */
    public Observation observe(String name, Consumer<Optional<Holder>> listener) {
        return new LockObserver(calls, name, listener).start();
    }

    /** Whether a token holds a lock now: for resources that are asked to accept one. */
    public CompletableFuture<Boolean> verify(String name, long token) {
        return calls.repeatable(
                        LocksGrpc.getVerifyMethod(),
                        VerifyLockRequest.newBuilder()
                                .setNamespace(calls.namespace())
                                .setName(name)
                                .setToken(token)
                                .build(),
                        VerifyLockResponse::getHeader)
                .thenApply(VerifyLockResponse::getHeld);
    }

    /** Who holds a lock and who waits for it. */
    public CompletableFuture<LockState> describe(String name) {
        return calls.repeatable(
                        LocksGrpc.getDescribeLockMethod(),
                        DescribeLockRequest.newBuilder()
                                .setNamespace(calls.namespace())
                                .setName(name)
                                .setRead(calls.freshness())
                                .build(),
                        DescribeLockResponse::getHeader)
                .thenApply(LockState::of);
    }

    /** One party of a double barrier of this many, 1 to 1,000. */
    public Barrier barrier(String name, int parties) {
        Duration ttl = LockSpec.exclusive(name).ttl();
        SharedLease shared = leases.computeIfAbsent(ttl, same -> new SharedLease(store, same));
        return new Barrier(calls, shared, name, newOwner(), parties);
    }

    /** The latch of a name. */
    public Latch latch(String name) {
        return new Latch(calls, name);
    }

    private static String owner(LockSpec spec) {
        String owner = spec.owner();
        return owner == null ? newOwner() : owner;
    }

    private static String newOwner() {
        return Self.NAME + ":" + NUMBERS.incrementAndGet();
    }

    private void ask(LockSpec spec, String owner, SharedLease shared, Lease lease, Asking asking) {
        LockRequest request = spec.request();
        LongCall<LockRequest, LockResponse> call =
                new LongCall<>(calls, LocksGrpc.getLockMethod(), request.getWaitMs(), waitMs -> request.toBuilder()
                        .setNamespace(calls.namespace())
                        .setOwner(owner)
                        .setLeaseId(lease.id())
                        .setWaitMs(waitMs)
                        .build());
        asking.call(call);
        // The members say nothing while a call waits for its turn: the lease tells first if it is lost.
        Consumer<StoreException> onLoss = cause -> {
            if (asking.fail(SharedLease.lost(request.getName(), cause))) {
                call.cancel(false);
            }
        };
        shared.listen(lease, onLoss);
        var unused = call.whenComplete((response, failure) -> {
            shared.unlisten(lease, onLoss);
            if (failure != null) {
                asking.fail(failure);
                return;
            }
            calls.saw(response.getHeader().getRevision());
            HeldLock held = new GrantedLock(calls, shared, lease, request.getName(), owner, response.getToken());
            if (!asking.complete(held)) {
                shared.retain(); // The one that asked has given its share back already.
                held.close();
            }
        });
        var unusedCall = call.start();
    }

    /** What the caller gets; whoever ends it without a lock gives the share of the lease back. */
    private static final class Asking extends CompletableFuture<HeldLock> {
        private final SharedLease shared;
        private volatile @org.jspecify.annotations.Nullable CompletableFuture<?> call;

        Asking(SharedLease shared) {
            this.shared = shared;
        }

        void call(CompletableFuture<?> started) {
            call = started;
            if (isCancelled()) {
                started.cancel(false);
            }
        }

        boolean fail(Throwable failure) {
            Throwable cause = failure instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : failure;
            boolean failed = completeExceptionally(cause);
            if (failed) {
                shared.release();
            }
            return failed;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            boolean canceled = super.cancel(mayInterruptIfRunning);
            if (canceled) {
                shared.release();
                CompletableFuture<?> started = call;
                if (started != null) {
                    started.cancel(mayInterruptIfRunning);
                }
            }
            return canceled;
        }
    }

    /** Names this process to others; made when first needed, for it may ask the system's resolver. */
    private static final class Self {
        private static final String NAME =
                host() + ":" + ProcessHandle.current().pid();

        private static String host() {
            String host;
            try {
                host = InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                host = "unknown";
            }
            String plain = host.replaceAll("[^A-Za-z0-9._-]", "-");
            return plain.length() > 64 ? plain.substring(0, 64) : plain;
        }
    }
}
