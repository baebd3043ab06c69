package dev.store.api.discovery;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Spreads the calls of this process over the instances of a service: it watches the service, chooses as its policy says,
 * prefers the zone of the caller, and leaves out for a while what fails again and again. Thread-safe; choosing asks
 * nobody.
 */
public final class ServiceBalancer implements AutoCloseable {
    private final BalancerOptions options;
    private final BackendSet backends;
    private final String service;
    private final Following watch;
    private final CountDownLatch loaded = new CountDownLatch(1);
    private final CompletableFuture<ServiceState> first = new CompletableFuture<>();
    private volatile @Nullable ServiceState state;

    ServiceBalancer(ServicesClient services, String service, BalancerOptions options) {
        this.options = options;
        this.service = service;
        this.backends = new BackendSet(options);
        Listener listener = new Listener();
        this.watch = services.follow(service, listener);
        listener.ready.countDown();
    }

    private final class Listener implements ServiceListener {
        /** The watch is known only after it has begun. */
        private final CountDownLatch ready = new CountDownLatch(1);

        @Override
        public void onUpdate(Update update) {
            try {
                ready.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            backends.update(update.state(), watch.policy(service));
            state = update.state();
            loaded.countDown();
            first.complete(update.state());
        }
    }

    /** Completes with the first state that is known, which may be {@linkplain ServiceState#stale() stale}. */
    public CompletableFuture<ServiceState> ready() {
        return first.copy();
    }

    /** What is known of the service; null before anything is. */
    public @Nullable ServiceState state() {
        return state;
    }

    /** Chooses an instance for a call without a key. */
    public Pick pick() {
        return pick("");
    }

    /**
     * Chooses an instance. Waits for a moment if nothing is known of the service yet.
     *
     * @param key equal keys meet the same instance under {@link Balancing#CONSISTENT_HASH}; else without meaning
     * @throws StoreException NOT_READY if nothing is known yet; INSTANCE_NOT_FOUND if no instance may be called
     */
    public Pick pick(String key) {
        if (state == null && !awaitLoaded(Duration.ofSeconds(5))) {
            throw new StoreException(
                    ErrorCode.NOT_READY, "service: " + service + " is not known yet (expected: a member that answers)");
        }
        Backend chosen = backends.begin(key);
        if (chosen == null) {
            throw new StoreException(
                    ErrorCode.INSTANCE_NOT_FOUND,
                    "service: " + service + " has no instance that may be called (expected: one that is well)");
        }
        return new Pick(chosen);
    }

    private boolean awaitLoaded(Duration time) {
        try {
            return loaded.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A chosen instance, and what became of the call: say one of both, so that the balancer learns. */
    public final class Pick {
        private final Backend backend;
        private final ServiceInstance instance;
        private final long begunNanos = options.nanoClock().getAsLong();
        private final AtomicBoolean ended = new AtomicBoolean();

        private Pick(Backend backend) {
            this.backend = backend;
            this.instance = backend.instance();
        }

        public ServiceInstance instance() {
            return instance;
        }

        /** The call was answered. */
        public void succeeded() {
            end(true);
        }

        /** The instance did not answer, or not as it should. */
        public void failed() {
            end(false);
        }

        private void end(boolean success) {
            if (ended.compareAndSet(false, true)) {
                backends.end(backend, success, options.nanoClock().getAsLong() - begunNanos);
            }
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
