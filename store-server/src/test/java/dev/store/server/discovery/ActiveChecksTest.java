package dev.store.server.discovery;

import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_CRITICAL;
import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_PASSING;
import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_WARNING;
import static dev.store.server.discovery.DiscoveryCalls.every;
import static dev.store.server.discovery.DiscoveryCalls.failure;
import static dev.store.server.discovery.DiscoveryCalls.only;
import static dev.store.server.discovery.DiscoveryCalls.register;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.store.api.v1.Check;
import dev.store.api.v1.CheckState;
import dev.store.api.v1.GrpcCheck;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.HttpCheck;
import dev.store.api.v1.Instance;
import dev.store.api.v1.Port;
import dev.store.api.v1.TcpCheck;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members look at real little servers. */
@Timeout(120)
class ActiveChecksTest {
    private TestCluster cluster;
    private HttpServer http;
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicInteger asked = new AtomicInteger();

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of("checks.enabled", "true", "checks.allowed", "127.0.0.0/8"));
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/health", exchange -> {
            asked.incrementAndGet();
            byte[] body = "all well".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/");
            exchange.sendResponseHeaders(status.get(), body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        http.start();
    }

    @AfterEach
    void stop() {
        http.stop(0);
        cluster.close();
    }

    private static Instance.Builder instance(String service, int port, Check.Builder check) {
        return Instance.newBuilder()
                .setService(service)
                .setNode("h")
                .setId("1")
                .setAddress("127.0.0.1")
                .addPorts(Port.newBuilder().setName("main").setNumber(port))
                .addChecks(check.setName("look").setIntervalMs(1_000).setTimeoutMs(1_000));
    }

    private static Check.Builder httpCheck() {
        return Check.newBuilder().setHttp(HttpCheck.newBuilder().setPath("/health"));
    }

    private CheckState check(String service) {
        return only(every(cluster.leader(), service)).getChecks(0);
    }

    private void awaitStatus(String service, HealthStatus wanted) {
        TestCluster.await(service + " " + wanted, () -> check(service).getStatus() == wanted);
    }

    @Test
    void statusOfAnHttpAnswerIsTheStatusOfTheInstance() {
        register(cluster.node(0), instance("web", http.getAddress().getPort(), httpCheck()));
        assertThat(check("web").getStatus()).isIn(HEALTH_STATUS_CRITICAL, HEALTH_STATUS_PASSING);

        awaitStatus("web", HEALTH_STATUS_PASSING);
        assertThat(check("web").getOutput()).isEqualTo("HTTP 200: all well");
        status.set(429);
        awaitStatus("web", HEALTH_STATUS_WARNING);
        status.set(302);
        awaitStatus("web", HEALTH_STATUS_CRITICAL);
        assertThat(check("web").getOutput()).startsWith("HTTP 302");
        http.stop(0);
        status.set(200);
    }

    @Test
    void tcpAndGrpcServersAreLookedAt() throws IOException {
        HealthStatusManager health = new HealthStatusManager();
        Server grpc = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(health.getHealthService())
                .build()
                .start();
        try (ServerSocket tcp = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            register(
                    cluster.node(0),
                    instance("tcp", tcp.getLocalPort(), Check.newBuilder().setTcp(TcpCheck.getDefaultInstance())));
            register(
                    cluster.node(1),
                    instance("grpc", grpc.getPort(), Check.newBuilder().setGrpc(GrpcCheck.getDefaultInstance())));
            awaitStatus("tcp", HEALTH_STATUS_PASSING);
            awaitStatus("grpc", HEALTH_STATUS_PASSING);
            health.setStatus("", ServingStatus.NOT_SERVING);
            awaitStatus("grpc", HEALTH_STATUS_CRITICAL);
            assertThat(check("grpc").getOutput()).isEqualTo("NOT_SERVING");
        } finally {
            grpc.shutdownNow();
        }
        awaitStatus("tcp", HEALTH_STATUS_CRITICAL);
    }

    @Test
    void checksGoOnWhenTheMemberThatDidThemStops() {
        for (int i = 0; i < 6; i++) {
            register(cluster.node(0), instance("web" + i, http.getAddress().getPort(), httpCheck()));
        }
        for (int i = 0; i < 6; i++) {
            awaitStatus("web" + i, HEALTH_STATUS_PASSING);
        }
        // Six checks on three members: each has some, or the other two get them all; either way all must go on.
        Node stopped = cluster.follower();
        stopped.stop();
        status.set(500);
        for (int i = 0; i < 6; i++) {
            awaitStatus("web" + i, HEALTH_STATUS_CRITICAL);
        }
    }

    @Test
    void nothingOutsideOfTheAllowedAddressesIsConnectedTo() {
        Instance.Builder outside = instance("out", 80, httpCheck()).setAddress("192.0.2.1");

        assertThat(failure(() -> register(cluster.node(0), outside)).getMessage())
                .contains("instance.address: 192.0.2.1 (expected: within checks.allowed, [127.0.0.0/8]");
    }
}
