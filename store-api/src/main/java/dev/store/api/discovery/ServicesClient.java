package dev.store.api.discovery;

import dev.store.api.client.Calls;
import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.DeregisterResponse;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.ForgetServiceRequest;
import dev.store.api.v1.ForgetServiceResponse;
import dev.store.api.v1.InstanceRef;
import dev.store.api.v1.ListServicesRequest;
import dev.store.api.v1.ListServicesResponse;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.RegisterResponse;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.ServiceSummary;
import dev.store.api.v1.SetPolicyRequest;
import dev.store.api.v1.SetPolicyResponse;
import dev.store.api.v1.UpdateCheckRequest;
import dev.store.api.v1.UpdateCheckResponse;
import dev.store.api.v1.UpdateInstanceRequest;
import dev.store.api.v1.UpdateInstanceResponse;
import dev.store.api.v1.WatchServicesRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Services of one namespace. Thread-safe and immutable.
 *
 * <pre>{@code
 * RegisteredInstance me = store.services().register(
 *         Registration.of("payments", "host-1", "7").address("10.0.0.7").port("http", 8080)).join();
 * try (ServiceBalancer payments = store.services().balancer("payments", BalancerOptions.DEFAULT)) {
 *     ServiceBalancer.Pick pick = payments.pick();
 *     … call pick.instance() …
 *     pick.succeeded();
 * }
 * }</pre>
 */
public final class ServicesClient {
    private final Calls calls;
    private final @Nullable Path lastKnown;

    /** Made by {@link dev.store.api.client.StoreClient#services()}. */
    public ServicesClient(Calls calls) {
        this(calls, null);
    }

    private ServicesClient(Calls calls, @Nullable Path lastKnown) {
        this.calls = calls;
        this.lastKnown = lastKnown;
    }

    /**
     * The same client, whose watches and balancers of single services keep what they know in a folder, and start with it,
     * marked stale, while no member can be asked.
     */
    public ServicesClient lastKnown(Path folder) {
        return new ServicesClient(calls, folder);
    }

    /**
     * Registers an instance and, if it is ephemeral, keeps it alive until it is closed: all of a client in one stream.
     * Should the cluster forget it in a long outage, it is registered again.
     */
    public CompletableFuture<RegisteredInstance> register(Registration registration) {
        return send(registration).thenApply(response -> {
            RegisteredInstance registered = new RegisteredInstance(this, registration);
            if (registration.instance().getTtlMs() > 0) {
                heart().add(registered);
            }
            return registered;
        });
    }

    CompletableFuture<RegisterResponse> send(Registration registration) {
        return calls.mutation(
                DiscoveryGrpc.getRegisterMethod(),
                operation -> {
                    RegisterRequest.Builder request = RegisterRequest.newBuilder()
                            .setNamespace(calls.namespace())
                            .setInstance(registration.instance());
                    return operation == null
                            ? request.build()
                            : request.setOperation(operation).build();
                },
                RegisterResponse::getHeader);
    }

    Heart heart() {
        return calls.shared(Heart.class, Heart::new);
    }

    /** Removes an instance; false if there was none. */
    public CompletableFuture<Boolean> deregister(String service, String node, String id) {
        InstanceRef ref = ref(service, node, id);
        return calls.mutation(
                        DiscoveryGrpc.getDeregisterMethod(),
                        operation -> {
                            DeregisterRequest.Builder request = DeregisterRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .setRef(ref);
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        DeregisterResponse::getHeader)
                .thenApply(DeregisterResponse::getFound);
    }

    /** Keeps new callers away from an instance, or lets them in again. */
    public CompletableFuture<Void> drain(String service, String node, String id, boolean draining) {
        return update(UpdateInstanceRequest.newBuilder()
                .setRef(ref(service, node, id))
                .setDraining(draining));
    }

    /** Changes the share of the load that an instance gets, 1 to 10,000. */
    public CompletableFuture<Void> weight(String service, String node, String id, int weight) {
        return update(UpdateInstanceRequest.newBuilder()
                .setRef(ref(service, node, id))
                .setWeight(weight));
    }

    private CompletableFuture<Void> update(UpdateInstanceRequest.Builder change) {
        return calls.mutation(
                        DiscoveryGrpc.getUpdateInstanceMethod(),
                        operation -> {
                            UpdateInstanceRequest.Builder request =
                                    change.clone().setNamespace(calls.namespace());
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        UpdateInstanceResponse::getHeader)
                .thenApply(response -> null);
    }

    /** Reports the health of a check that was registered as reported. */
    public CompletableFuture<Void> report(
            String service, String node, String id, String check, Health health, String output) {
        UpdateCheckRequest.Builder report = UpdateCheckRequest.newBuilder()
                .setNamespace(calls.namespace())
                .setRef(ref(service, node, id))
                .setCheck(check)
                .setStatus(health.status())
                .setOutput(output);
        return calls.mutation(
                        DiscoveryGrpc.getUpdateCheckMethod(),
                        operation -> operation == null
                                ? report.build()
                                : report.clone().setOperation(operation).build(),
                        UpdateCheckResponse::getHeader)
                .thenApply(response -> null);
    }

    /** Sets what holds for a service as a whole, in place of what was set before; the service need not have instances. */
    public CompletableFuture<Void> setPolicy(String service, Policy policy) {
        return policy(SetPolicyRequest.newBuilder().setService(service).setPolicy(policy.proto()));
    }

    /** Goes back to the defaults. */
    public CompletableFuture<Void> clearPolicy(String service) {
        return policy(SetPolicyRequest.newBuilder().setService(service));
    }

    private CompletableFuture<Void> policy(SetPolicyRequest.Builder change) {
        return calls.mutation(
                        DiscoveryGrpc.getSetPolicyMethod(),
                        operation -> {
                            SetPolicyRequest.Builder request = change.clone().setNamespace(calls.namespace());
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        SetPolicyResponse::getHeader)
                .thenApply(response -> null);
    }

    /** Forgets a service, with its policy. SERVICE_IN_USE if it has instances. */
    public CompletableFuture<Void> forget(String service) {
        return calls.mutation(
                        DiscoveryGrpc.getForgetServiceMethod(),
                        operation -> {
                            ForgetServiceRequest.Builder request = ForgetServiceRequest.newBuilder()
                                    .setNamespace(calls.namespace())
                                    .setService(service);
                            return operation == null
                                    ? request.build()
                                    : request.setOperation(operation).build();
                        },
                        ForgetServiceResponse::getHeader)
                .thenApply(response -> null);
    }

    /** The instances that fit. */
    public CompletableFuture<ServiceState> resolve(ServiceQuery query) {
        return calls.repeatable(
                        DiscoveryGrpc.getResolveMethod(),
                        query.request().toBuilder()
                                .setNamespace(calls.namespace())
                                .build(),
                        ResolveResponse::getHeader)
                .thenApply(response -> state(query.request().getService(), response));
    }

    private static ServiceState state(String service, ResolveResponse response) {
        List<ServiceInstance> instances = new ArrayList<>(response.getInstancesCount());
        response.getInstancesList().forEach(state -> instances.add(new ServiceInstance(state)));
        return new ServiceState(
                service,
                response.getHeader().getRevision(),
                response.getKnown(),
                instances,
                response.getProtected(),
                false,
                response.getLastChangeRevision());
    }

    /** Names of the services of the namespace, in order. */
    public CompletableFuture<List<String>> names() {
        return names("", new ArrayList<>());
    }

    private CompletableFuture<List<String>> names(String after, List<String> found) {
        return calls.repeatable(
                        DiscoveryGrpc.getListServicesMethod(),
                        ListServicesRequest.newBuilder()
                                .setNamespace(calls.namespace())
                                .setRead(calls.freshness())
                                .setAfter(after)
                                .build(),
                        ListServicesResponse::getHeader)
                .thenCompose(page -> {
                    for (ServiceSummary summary : page.getServicesList()) {
                        found.add(summary.getService());
                    }
                    return page.getMore()
                            ? names(found.get(found.size() - 1), found)
                            : CompletableFuture.completedFuture(List.copyOf(found));
                });
    }

    /** Watches one service, which need not exist yet. */
    public ServiceWatch watch(String service, ServiceListener listener) {
        return follow(service, listener);
    }

    Following follow(String service, ServiceListener listener) {
        Path folder = lastKnown;
        return new Following(
                        calls,
                        WatchServicesRequest.newBuilder().setService(service).build(),
                        listener,
                        folder == null ? null : new LastKnownFile(folder, calls.namespace(), service))
                .start();
    }

    /** Watches all services of the namespace with all their instances. */
    public ServiceWatch watchAll(ServiceListener listener) {
        return new Following(
                        calls,
                        WatchServicesRequest.newBuilder().setAllInstances(true).build(),
                        listener,
                        null)
                .start();
    }

    /** Watches which services there are, without their instances. */
    public ServiceWatch watchNames(ServiceListener listener) {
        return new Following(
                        calls, WatchServicesRequest.newBuilder().setNames(true).build(), listener, null)
                .start();
    }

    /** A balancer over the instances of a service; close it after use. */
    public ServiceBalancer balancer(String service, BalancerOptions options) {
        return new ServiceBalancer(this, service, options);
    }

    private static InstanceRef ref(String service, String node, String id) {
        return InstanceRef.newBuilder()
                .setService(service)
                .setNode(node)
                .setId(id)
                .build();
    }
}
