package dev.store.api.discovery;

import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceRef;
import java.util.concurrent.CompletableFuture;

/** An instance that this client has registered, and keeps alive if it is ephemeral. Thread-safe. */
public final class RegisteredInstance implements AutoCloseable {
    private final ServicesClient services;
    private final Registration registration;

    RegisteredInstance(ServicesClient services, Registration registration) {
        this.services = services;
        this.registration = registration;
    }

    private Instance instance() {
        return registration.instance();
    }

    InstanceRef ref() {
        return InstanceRef.newBuilder()
                .setService(instance().getService())
                .setNode(instance().getNode())
                .setId(instance().getId())
                .build();
    }

    long ttlMs() {
        return instance().getTtlMs();
    }

    /** Registers it again, after the cluster has forgotten it. */
    CompletableFuture<?> again() {
        return services.send(registration);
    }

    /** Keeps new callers away, before it ends. */
    public CompletableFuture<Void> drain() {
        return services.drain(
                instance().getService(), instance().getNode(), instance().getId(), true);
    }

    /** Reports the health of a check that was registered as reported. */
    public CompletableFuture<Void> report(String check, Health health, String output) {
        return services.report(
                instance().getService(), instance().getNode(), instance().getId(), check, health, output);
    }

    /** Sends no more heartbeats, and removes it; false if it was gone already. */
    public CompletableFuture<Boolean> deregister() {
        services.heart().remove(this);
        return services.deregister(
                instance().getService(), instance().getNode(), instance().getId());
    }

    /** Sends no more heartbeats, but leaves it to the cluster to find that out. */
    public void letGo() {
        services.heart().remove(this);
    }

    /** Removes it and waits for that. */
    @Override
    public void close() {
        deregister().join();
    }
}
