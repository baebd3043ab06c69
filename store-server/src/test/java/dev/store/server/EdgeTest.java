package dev.store.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.ClusterGrpc;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.MaintenanceGrpc;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.WatchGrpc;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the port itself does, whatever the call. */
@Timeout(60)
class EdgeTest {
    private static final int CONNECTIONS = 3;

    @TempDir
    static Path folder;

    private static TestCluster cluster;
    private static Node node;

    @BeforeAll
    static void start() throws IOException {
        cluster = TestCluster.start(folder, 1, Map.of("client.max-connections", String.valueOf(CONNECTIONS)));
        node = cluster.node(0);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void reflectionListsTheServicesAndDescribesThem() throws Exception {
        ServerReflectionResponse list =
                reflect(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(list.getListServicesResponse().getServiceList())
                .extracting(ServiceResponse::getName)
                .contains(
                        KVGrpc.SERVICE_NAME,
                        WatchGrpc.SERVICE_NAME,
                        LeaseGrpc.SERVICE_NAME,
                        ClusterGrpc.SERVICE_NAME,
                        MaintenanceGrpc.SERVICE_NAME,
                        HealthGrpc.SERVICE_NAME);

        ServerReflectionResponse file = reflect(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol(KVGrpc.SERVICE_NAME)
                .build());
        assertThat(file.getFileDescriptorResponse().getFileDescriptorProtoCount())
                .isPositive();
    }

    @Test
    void oneConnectionPastTheLimitIsToldAndOneThatEndsMakesRoom() throws InterruptedException {
        assertThat(status(node.channel())).isEqualTo("n1");
        List<ManagedChannel> others = new ArrayList<>();
        try {
            for (int i = 1; i < CONNECTIONS; i++) {
                ManagedChannel channel = connect(others);
                assertThat(status(channel)).isEqualTo("n1");
            }
            ManagedChannel tooMany = connect(others);
            assertThatThrownBy(() -> status(tooMany)).satisfies(failure -> {
                assertThat(GrpcErrors.fromGrpc(failure).code()).isEqualTo(ErrorCode.OVERLOADED);
                assertThat(failure).hasMessageContaining("connections: more than " + CONNECTIONS);
            });

            for (ManagedChannel gone : List.of(tooMany, others.get(0))) {
                gone.shutdownNow();
                assertThat(gone.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
            }
            TestCluster.await("room for one more connection", () -> {
                ManagedChannel next = connect(others);
                try {
                    return status(next).equals("n1");
                } catch (RuntimeException e) {
                    next.shutdownNow();
                    return false;
                }
            });
        } finally {
            others.forEach(ManagedChannel::shutdownNow);
        }
    }

    private static ManagedChannel connect(List<ManagedChannel> open) {
        ManagedChannel channel = NettyChannelBuilder.forTarget("dns:///" + node.clientEndpoint())
                .usePlaintext()
                .build();
        open.add(channel);
        return channel;
    }

    private static String status(ManagedChannel channel) {
        return MaintenanceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(Duration.ofSeconds(10))
                .status(StatusRequest.getDefaultInstance())
                .getName();
    }

    private static ServerReflectionResponse reflect(ServerReflectionRequest request) throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> call = ServerReflectionGrpc.newStub(node.channel())
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        call.onNext(request);
        call.onCompleted();
        return answer.get(20, TimeUnit.SECONDS);
    }
}
