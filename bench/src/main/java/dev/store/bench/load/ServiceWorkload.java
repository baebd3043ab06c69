package dev.store.bench.load;

import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.HeartbeatOutcome;
import dev.store.api.v1.HeartbeatRequest;
import dev.store.api.v1.HeartbeatResponse;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceRef;
import dev.store.api.v1.Port;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.RegisterResponse;
import dev.store.api.v1.ResolveRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Loads on services that consist of unary calls. */
abstract class ServiceWorkload implements Workload {
    private static final int SERVICES = 2_000;
    private static final int INSTANCES = 50_000;
    private static final int BEATS = 1_000;
    private static final long LONG_TTL_MILLIS = 600_000;
    private static final int UNDER_WAY = 256;

    final Connections connections;

    private ServiceWorkload(Connections connections) {
        this.connections = connections;
    }

    @Override
    public void prepare() {}

    @Override
    public void close() {}

    static Instance.Builder instance(String service, int number) {
        return Instance.newBuilder()
                .setService(service)
                .setNode("host-" + number % 500)
                .setId(Integer.toString(number))
                .setAddress("10.0." + number / 256 % 256 + "." + number % 256)
                .addPorts(Port.newBuilder().setName("http").setNumber(8080))
                .setVersion("1.0.0")
                .setZone("zone-" + number % 3);
    }

    /** Registers instances, many at a time. */
    void registerAll(List<Instance> instances) {
        Queue<CompletableFuture<RegisterResponse>> underWay = new ArrayDeque<>();
        int client = 0;
        for (Instance instance : instances) {
            if (underWay.size() >= UNDER_WAY) {
                underWay.remove().join();
            }
            underWay.add(connections.ask(
                    client++,
                    DiscoveryGrpc.getRegisterMethod(),
                    RegisterRequest.newBuilder().setInstance(instance).build()));
        }
        underWay.forEach(CompletableFuture::join);
    }

    /** Each client registers an ephemeral instance and deregisters it again: two operations. */
    static Workload cycles(Connections connections) {
        return new ServiceWorkload(connections) {
            @Override
            public String name() {
                return "service-register, register or deregister";
            }

            @Override
            public Operation operation() {
                List<Boolean> registered = new ArrayList<>();
                return (client, done) -> {
                    boolean there;
                    synchronized (registered) {
                        while (registered.size() <= client) {
                            registered.add(false);
                        }
                        there = registered.set(client, !registered.get(client));
                    }
                    String service = "cycle-" + client % 16;
                    Instance.Builder instance = instance(service, client).setTtlMs(30_000);
                    if (!there) {
                        connections.call(
                                client,
                                DiscoveryGrpc.getRegisterMethod(),
                                RegisterRequest.newBuilder()
                                        .setInstance(instance)
                                        .build(),
                                done);
                    } else {
                        connections.call(
                                client,
                                DiscoveryGrpc.getDeregisterMethod(),
                                DeregisterRequest.newBuilder()
                                        .setRef(ref(instance))
                                        .build(),
                                done);
                    }
                };
            }
        };
    }

    private static InstanceRef ref(Instance.Builder instance) {
        return InstanceRef.newBuilder()
                .setService(instance.getService())
                .setNode(instance.getNode())
                .setId(instance.getId())
                .build();
    }

    /** Each operation resolves a service of so many instances, from memory. */
    static Workload resolve(Connections connections, int instances) {
        return new ServiceWorkload(connections) {
            @Override
            public String name() {
                return "service-resolve, " + instances + " instances";
            }

            @Override
            public void prepare() {
                List<Instance> all = new ArrayList<>();
                for (int i = 0; i < instances; i++) {
                    all.add(instance("resolved", i).build());
                }
                registerAll(all);
            }

            @Override
            public Operation operation() {
                ResolveRequest request =
                        ResolveRequest.newBuilder().setService("resolved").build();
                return (client, done) -> connections.call(client, DiscoveryGrpc.getResolveMethod(), request, done);
            }
        };
    }

    /** 50,000 instances in 2,000 services; each operation is a heartbeat of a thousand of them in one message. */
    static Workload heartbeats(Connections connections) {
        return new ServiceWorkload(connections) {
            private final List<HeartbeatRequest> messages = new ArrayList<>();

            @Override
            public String name() {
                return "service-heartbeat, " + BEATS + " of " + INSTANCES + " instances in a message";
            }

            @Override
            public void prepare() {
                List<Instance> all = new ArrayList<>();
                HeartbeatRequest.Builder message = HeartbeatRequest.newBuilder();
                for (int i = 0; i < INSTANCES; i++) {
                    Instance.Builder instance =
                            instance("service-" + i % SERVICES, i).setTtlMs(LONG_TTL_MILLIS);
                    all.add(instance.build());
                    message.addRefs(ref(instance));
                    if (message.getRefsCount() == BEATS) {
                        messages.add(message.build());
                        message = HeartbeatRequest.newBuilder();
                    }
                }
                registerAll(all);
                // The first heartbeat of each is written down; what follows is the everyday load.
                for (int i = 0; i < messages.size(); i++) {
                    HeartbeatResponse answer = connections
                            .ask(i, DiscoveryGrpc.getHeartbeatMethod(), messages.get(i))
                            .join();
                    if (answer.getOutcomes(0) != HeartbeatOutcome.HEARTBEAT_OUTCOME_ALIVE) {
                        throw new IllegalStateException("heartbeat: " + answer.getOutcomes(0) + " (expected: alive)");
                    }
                }
            }

            @Override
            public Operation operation() {
                java.util.concurrent.atomic.AtomicInteger next = new java.util.concurrent.atomic.AtomicInteger();
                return (client, done) -> connections.call(
                        client,
                        DiscoveryGrpc.getHeartbeatMethod(),
                        messages.get(Math.floorMod(next.getAndIncrement(), messages.size())),
                        done);
            }
        };
    }
}
