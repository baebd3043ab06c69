package dev.store.server.discovery;

import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Check;
import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.HeartbeatOutcome;
import dev.store.api.v1.HeartbeatRequest;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceRef;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.Port;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.ReportedCheck;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.UpdateCheckRequest;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.StatusRuntimeException;
import java.util.List;
import org.assertj.core.api.Assertions;

/** Calls of the discovery service, as tests speak of them. */
final class DiscoveryCalls {
    private DiscoveryCalls() {}

    static Instance.Builder persistent(String service, String node, String id) {
        return Instance.newBuilder()
                .setService(service)
                .setNode(node)
                .setId(id)
                .setAddress("10.0.0.1")
                .addPorts(Port.newBuilder().setName("http").setNumber(8080).setProtocol("http"));
    }

    static Instance.Builder ephemeral(String service, String node, String id, long ttlMs) {
        return persistent(service, node, id).setTtlMs(ttlMs);
    }

    static Check reported(String name) {
        return Check.newBuilder()
                .setName(name)
                .setReported(ReportedCheck.getDefaultInstance())
                .build();
    }

    /** Registers, and returns the revision. */
    static long register(Node member, Instance.Builder instance) {
        return member.discovery()
                .register(RegisterRequest.newBuilder().setInstance(instance).build())
                .getHeader()
                .getRevision();
    }

    static boolean deregister(Node member, String service, String node, String id) {
        return member.discovery()
                .deregister(DeregisterRequest.newBuilder()
                        .setRef(ref(service, node, id))
                        .build())
                .getFound();
    }

    static InstanceRef ref(String service, String node, String id) {
        return InstanceRef.newBuilder()
                .setService(service)
                .setNode(node)
                .setId(id)
                .build();
    }

    /** Everything of a service, as the cluster knows it. */
    static ResolveResponse every(Node member, String service) {
        return member.discovery()
                .resolve(ResolveRequest.newBuilder()
                        .setService(service)
                        .setEvery(true)
                        .setRead(ReadOptions.getDefaultInstance())
                        .build());
    }

    /** What a caller gets who has no wishes, as the cluster knows it. */
    static ResolveResponse resolve(Node member, String service) {
        return resolve(member, ResolveRequest.newBuilder().setService(service));
    }

    static ResolveResponse resolve(Node member, ResolveRequest.Builder request) {
        return member.discovery()
                .resolve(request.setRead(ReadOptions.getDefaultInstance()).build());
    }

    static List<String> ids(ResolveResponse response) {
        return response.getInstancesList().stream()
                .map(state -> state.getInstance().getNode() + "/"
                        + state.getInstance().getId())
                .toList();
    }

    static InstanceState only(ResolveResponse response) {
        Assertions.assertThat(response.getInstancesList()).hasSize(1);
        return response.getInstances(0);
    }

    static List<HeartbeatOutcome> beat(Node member, InstanceRef... refs) {
        return member.discovery()
                .heartbeat(
                        HeartbeatRequest.newBuilder().addAllRefs(List.of(refs)).build())
                .getOutcomesList();
    }

    static boolean report(Node member, InstanceRef ref, String check, HealthStatus status, String output) {
        return member.discovery()
                .updateCheck(UpdateCheckRequest.newBuilder()
                        .setRef(ref)
                        .setCheck(check)
                        .setStatus(status)
                        .setOutput(output)
                        .build())
                .getChanged();
    }

    /** The error that a call ends with. */
    static StoreException failure(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return GrpcErrors.fromGrpc(e);
        }
        throw new AssertionError("the call succeeded (expected: an error)");
    }
}
