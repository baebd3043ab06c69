package dev.store.jepsen.workload;

import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.HeartbeatOutcome;
import dev.store.api.v1.HeartbeatRequest;
import dev.store.api.v1.HeartbeatResponse;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceRef;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.Port;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.RegisterResponse;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.NodeClient;
import dev.store.jepsen.history.Recorder;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Instances of services that register, send heartbeats to any node, fall silent, and are seen to be no longer passing. In
 * its history they are leases: registration, heartbeat and end.
 */
public final class RegistryWorkload extends ClientsWorkload {
    private static final int CLIENTS = 16;

    private final AtomicLong numbers = new AtomicLong();

    public RegistryWorkload(List<Node> nodes, Recorder recorder, Random random) {
        super(nodes, recorder, random, Crowd.of("registry", CLIENTS, 20));
    }

    @Override
    Runnable client(Random mine) {
        Caller caller = newCaller(mine);
        Recorder.Worker observer = recorder.worker();
        return () -> turn(caller, observer, mine);
    }

    private void turn(Caller caller, Recorder.Worker observer, Random mine) {
        String id = "i" + numbers.incrementAndGet();
        long ttl = 1_500L + mine.nextInt(2_000);
        InstanceRef ref = InstanceRef.newBuilder()
                // Each its own service: of a service that loses most instances at once the last are protected.
                .setService("service-" + id)
                .setNode("machine")
                .setId(id)
                .build();
        Map<String, Object> facts = Map.of("key", "instance/" + id);
        Optional<Caller.Answer> registered =
                caller.change("lease-grant", ttl, facts, client -> register(client, ref, ttl));
        if (registered.isEmpty() || !(registered.get().facts().get("revision") instanceof Long revision)) {
            return;
        }
        int beats = mine.nextInt(6);
        for (int i = 0; i < beats && !stopped(); i++) {
            Await.pass(Duration.ofMillis(mine.nextInt((int) ttl)));
            Optional<Caller.Answer> beat =
                    caller.change("lease-keepalive", null, facts, client -> heartbeat(client, ref, ttl));
            if (beat.isPresent() && Long.valueOf(0).equals(beat.get().value())) {
                break;
            }
        }
        observer.invoke("lease-gone", null, facts);
        Await.until(
                Await.PATIENCE,
                "the end of instance " + id,
                () -> !passes(caller.node().client(), ref, revision));
        observer.ok(null, Map.of());
        caller.change("deregister", null, Map.of(), client -> {
            var response = stub(client)
                    .deregister(DeregisterRequest.newBuilder().setRef(ref).build());
            return Caller.Answer.at(response.getFound(), response.getHeader().getRevision());
        });
    }

    private static Caller.Answer register(NodeClient client, InstanceRef ref, long ttl) {
        Instance instance = Instance.newBuilder()
                .setService(ref.getService())
                .setNode(ref.getNode())
                .setId(ref.getId())
                .setAddress("10.0.0.1")
                .addPorts(Port.newBuilder().setName("grpc").setNumber(9_000))
                .setTtlMs(ttl)
                .build();
        RegisterResponse response = stub(client)
                .register(RegisterRequest.newBuilder().setInstance(instance).build());
        return Caller.Answer.at(response.getTtlMs(), response.getHeader().getRevision());
    }

    private static Caller.Answer heartbeat(NodeClient client, InstanceRef ref, long ttl) {
        HeartbeatResponse response = stub(client)
                .heartbeat(HeartbeatRequest.newBuilder().addRefs(ref).build());
        boolean alive = response.getOutcomes(0) == HeartbeatOutcome.HEARTBEAT_OUTCOME_ALIVE;
        // One that is revived had ended: that counts as its end, and nothing is promised for its second life here.
        return alive ? Caller.Answer.of(ttl, Map.of()) : Caller.Answer.of(0L, Map.of());
    }

    private static boolean passes(NodeClient client, InstanceRef ref, long revision) {
        try {
            ResolveResponse response = stub(client)
                    .resolve(ResolveRequest.newBuilder()
                            .setService(ref.getService())
                            .setEvery(true)
                            .setRead(ReadOptions.newBuilder()
                                    .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                                    .setAtLeastRevision(revision))
                            .build());
            return response.getInstancesList().stream()
                    .map(InstanceState::getStatus)
                    .anyMatch(status -> status == HealthStatus.HEALTH_STATUS_PASSING);
        } catch (StatusRuntimeException e) {
            return true;
        }
    }

    private static DiscoveryGrpc.DiscoveryBlockingStub stub(NodeClient client) {
        return DiscoveryGrpc.newBlockingStub(client.channel())
                .withDeadlineAfter(Caller.DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
