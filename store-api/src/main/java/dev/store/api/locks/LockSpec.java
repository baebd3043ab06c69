package dev.store.api.locks;

import dev.store.api.Limits;
import dev.store.api.client.Bytes;
import dev.store.api.v1.LockMode;
import dev.store.api.v1.LockRequest;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a lock. Immutable; each refining method returns a new one. What is out of bounds is refused by the
 * cluster, with INVALID_ARGUMENT.
 *
 * <pre>{@code LockSpec.exclusive("jobs/nightly").owner("worker-7").ttl(Duration.ofSeconds(15)).atMost(Duration.ofMinutes(1))}</pre>
 */
public final class LockSpec {
    private static final Duration DEFAULT_TTL = Duration.ofSeconds(10);

    private final LockRequest request;
    private final Duration ttl;
    private final @Nullable String owner;

    private LockSpec(LockRequest request, Duration ttl, @Nullable String owner) {
        this.request = request;
        this.ttl = ttl;
        this.owner = owner;
    }

    /** To hold the lock alone. */
    public static LockSpec exclusive(String name) {
        return of(name, LockMode.LOCK_MODE_EXCLUSIVE, 0);
    }

    /** To hold the lock together with others who share it. */
    public static LockSpec shared(String name) {
        return of(name, LockMode.LOCK_MODE_SHARED, 0);
    }

    /** To hold one of the permits of a semaphore, 1 to 10,000; all who ask must name the same number. */
    public static LockSpec permit(String name, int permits) {
        return of(name, LockMode.LOCK_MODE_PERMIT, permits);
    }

    private static LockSpec of(String name, LockMode mode, int permits) {
        return new LockSpec(
                LockRequest.newBuilder()
                        .setName(name)
                        .setMode(mode)
                        .setPermits(permits)
                        .setWaitMs(Limits.LOCK_WAIT_MAX.toMillis())
                        .build(),
                DEFAULT_TTL,
                null);
    }

    /**
     * Who asks, to be seen by others. Asking again with the owner of a lock that this client holds gives the same token. If
     * not said, each call is an owner of its own, named after the host and the process.
     */
    public LockSpec owner(String name) {
        return new LockSpec(request, ttl, Objects.requireNonNull(name, "name"));
    }

    /** How long the lock outlives this process at most: 1 s to 365 days; 10 s if not said. */
    public LockSpec ttl(Duration timeToLive) {
        return new LockSpec(request, timeToLive, owner);
    }

    /** How long to wait at most: 0, which tries once, to one day, which is the default. */
    public LockSpec atMost(Duration wait) {
        return new LockSpec(request.toBuilder().setWaitMs(wait.toMillis()).build(), ttl, owner);
    }

    /** What the holder shows to others, such as its address: at most 4096 bytes. */
    public LockSpec value(Bytes value) {
        return new LockSpec(request.toBuilder().setValue(value.toByteString()).build(), ttl, owner);
    }

    LockRequest request() {
        return request;
    }

    Duration ttl() {
        return ttl;
    }

    @Nullable
    String owner() {
        return owner;
    }
}
