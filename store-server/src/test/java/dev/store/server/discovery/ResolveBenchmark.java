package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.Port;
import dev.store.api.v1.ResolveRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs a member to resolve a service of 25 instances, as 50,000 in 2,000 services have; without the transport. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ResolveBenchmark {
    private static final int INSTANCES = 25;

    private final ServiceSnapshot service = service();
    private final ResolveRequest plain =
            ResolveRequest.newBuilder().setService("payments").build();
    private final ResolveRequest filtered = ResolveRequest.newBuilder()
            .setService("payments")
            .addTags("blue")
            .setVersion("2")
            .putMetadata("tier", "gold")
            .setCallerZone("z1")
            .build();

    private static ServiceSnapshot service() {
        List<LiveInstance> instances = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            Instance instance = Instance.newBuilder()
                    .setService("payments")
                    .setNode("host-%02d".formatted(i))
                    .setId("8080")
                    .setAddress("10.0.0." + i)
                    .addPorts(Port.newBuilder().setName("http").setNumber(8080))
                    .setVersion(i % 5 == 0 ? "1" : "2")
                    .setZone("z" + i % 3)
                    .addTags(i % 2 == 0 ? "blue" : "green")
                    .putMetadata("tier", i % 4 == 0 ? "silver" : "gold")
                    .build();
            instances.add(new LiveInstance(
                    InstanceKey.of(instance),
                    InstanceState.newBuilder()
                            .setInstance(instance)
                            .setStatus(HealthStatus.HEALTH_STATUS_PASSING)
                            .build(),
                    0,
                    0,
                    false,
                    Map.of()));
        }
        return new ServiceSnapshot("payments", instances, null, false, 1);
    }

    private ByteString resolve(ResolveRequest request) {
        return Selection.isPlain(request)
                ? service.plainAnswer()
                : Selection.of(service, request).encoded(service);
    }

    /** All that are healthy: what most callers ask for, encoded once for all of them. */
    @Benchmark
    public ByteString plain() {
        return resolve(plain);
    }

    /** By tag, version and metadata, with the caller's zone first. */
    @Benchmark
    public ByteString filtered() {
        return resolve(filtered);
    }
}
