package dev.store.server.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.server.config.ClientConfig;
import dev.store.server.config.Endpoint;
import dev.store.server.edge.GrpcPort;
import dev.store.server.testing.EventLoops;
import dev.store.server.testing.ScriptedReplica;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthMonitorTest {
    private final ScriptedReplica replica = new ScriptedReplica();
    private final HealthMonitor monitor = new HealthMonitor(replica, List.of("store.v1.KV"));
    private final EventLoops loops = new EventLoops();
    private Server server;
    private ManagedChannel channel;
    private HealthGrpc.HealthBlockingStub health;

    @BeforeEach
    void start() throws IOException {
        Endpoint any = new Endpoint("127.0.0.1", 0);
        ClientConfig config = new ClientConfig(
                any, any, 10, 10, Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(5));
        server = new GrpcPort(config, loops.group(), 1 << 20)
                .add(monitor.service())
                .start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        health = HealthGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
        loops.close();
    }

    @Test
    void theProcessServesBeforeItIsReady() {
        assertThat(status("")).isEqualTo(ServingStatus.SERVING);
        assertThat(status("store.v1.KV")).isEqualTo(ServingStatus.SERVING);
        assertThat(status(HealthMonitor.READY)).isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void watchersOfReadinessSeeItComeAndGo() {
        Iterator<HealthCheckResponse> seen = health.watch(
                HealthCheckRequest.newBuilder().setService(HealthMonitor.READY).build());
        assertThat(seen.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);

        monitor.check();
        assertThat(seen.next().getStatus()).isEqualTo(ServingStatus.SERVING);

        replica.setReady(false);
        monitor.check();
        assertThat(seen.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void aNodeThatStopsSaysSoForGood() {
        monitor.check();
        monitor.stop();
        monitor.check();

        assertThat(status("")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(status("store.v1.KV")).isEqualTo(ServingStatus.NOT_SERVING);
        assertThat(status(HealthMonitor.READY)).isEqualTo(ServingStatus.NOT_SERVING);
    }

    private ServingStatus status(String service) {
        return health.check(HealthCheckRequest.newBuilder().setService(service).build())
                .getStatus();
    }
}
