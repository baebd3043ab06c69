package dev.store.server.discovery;

import static dev.store.server.discovery.DiscoveryCalls.every;
import static dev.store.server.discovery.DiscoveryCalls.ids;
import static dev.store.server.discovery.DiscoveryCalls.persistent;
import static dev.store.server.discovery.DiscoveryCalls.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.client.StoreClient;
import dev.store.api.discovery.BalancerOptions;
import dev.store.api.discovery.Balancing;
import dev.store.api.discovery.Health;
import dev.store.api.discovery.Policy;
import dev.store.api.discovery.RegisteredInstance;
import dev.store.api.discovery.Registration;
import dev.store.api.discovery.ServiceBalancer;
import dev.store.api.discovery.ServiceQuery;
import dev.store.api.discovery.ServiceState;
import dev.store.api.discovery.ServiceWatch;
import dev.store.api.discovery.StoreNameResolverProvider;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.Server;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client of services against three real nodes, some of which stop. */
@Timeout(180)
class ServicesClientTest {
    private TestCluster cluster;
    private StoreClient store;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of());
        store = StoreClient.connect(endpoints());
    }

    @AfterEach
    void stop() {
        store.close();
        cluster.close();
    }

    private String endpoints() {
        return cluster.nodes().stream().map(Node::clientEndpoint).collect(Collectors.joining(","));
    }

    private ServiceState resolved(String service) {
        return store.services()
                .resolve(ServiceQuery.of(service).every().linearizable())
                .join();
    }

    @Test
    void registeredInstancesAreKeptAliveWhileNodesStopAndRegisteredAgainWhenForgotten() throws IOException {
        RegisteredInstance kept = store.services()
                .register(Registration.of("s", "h", "1")
                        .address("127.0.0.1")
                        .port("http", 80)
                        .ttl(Duration.ofSeconds(3))
                        .reportedCheck("disk"))
                .join();
        kept.report("disk", Health.PASSING, "fine").join();
        long since = System.nanoTime();
        Node stopped = cluster.leader();
        stopped.stop();
        cluster.restart(stopped);
        cluster.awaitReady();
        TestCluster.await(
                "twice its time",
                () -> System.nanoTime() - since > Duration.ofSeconds(6).toNanos());
        assertThat(resolved("s").instances()).singleElement().satisfies(instance -> {
            assertThat(instance.health()).isEqualTo(Health.PASSING);
            assertThat(instance.port("http")).isEqualTo(80);
        });

        // As if it had been gone for too long.
        DiscoveryCalls.deregister(cluster.node(0), "s", "h", "1");
        TestCluster.await("registered again", () -> resolved("s").instances().size() == 1);

        assertThat(kept.deregister().join()).isTrue();
        assertThat(resolved("s").instances()).isEmpty();
        assertThat(resolved("s").known()).isTrue();
        assertThat(resolved("unknown").known()).isFalse();
    }

    @Test
    void policyIsPushedToBalancersAndForgottenWithItsService() {
        register(cluster.node(0), persistent("s", "h", "1"));
        register(cluster.node(0), persistent("s", "h", "2"));
        try (ServiceBalancer balancer = store.services().balancer("s", BalancerOptions.DEFAULT)) {
            store.services()
                    .setPolicy("s", Policy.DEFAULT.balancing(Balancing.CONSISTENT_HASH))
                    .join();
            TestCluster.await(
                    "the same for equal keys",
                    () -> Stream.generate(() -> picked(balancer, "key"))
                                    .limit(20)
                                    .distinct()
                                    .count()
                            == 1);
            store.services().clearPolicy("s").join();
            TestCluster.await(
                    "one after the other again",
                    () -> Stream.generate(() -> picked(balancer, "key"))
                                    .limit(20)
                                    .distinct()
                                    .count()
                            == 2);
        }
        assertThatThrownBy(() -> store.services().forget("s").join()).hasMessageContaining("s has instances");
        DiscoveryCalls.deregister(cluster.node(0), "s", "h", "1");
        DiscoveryCalls.deregister(cluster.node(0), "s", "h", "2");
        store.services().forget("s").join();
        assertThat(resolved("s").known()).isFalse();
    }

    private static String picked(ServiceBalancer balancer, String key) {
        ServiceBalancer.Pick pick = balancer.pick(key);
        pick.succeeded();
        return pick.instance().id();
    }

    @Test
    void watchGoesOnOnAnotherMemberAndTellsOnlyWhatChanged() throws IOException {
        register(cluster.node(0), persistent("s", "h", "1"));
        List<String> changed = new CopyOnWriteArrayList<>();
        List<String> removed = new CopyOnWriteArrayList<>();
        try (ServiceWatch watch = store.services().watch("s", update -> {
            update.changed().forEach(instance -> changed.add(instance.id()));
            update.removed().forEach(instance -> removed.add(instance.id()));
        })) {
            TestCluster.await("the first", () -> changed.equals(List.of("1")));
            for (Node node : List.copyOf(cluster.nodes())) {
                node.stop();
                cluster.restart(node);
                cluster.awaitReady();
            }
            register(cluster.node(1), persistent("s", "h", "2"));
            DiscoveryCalls.deregister(cluster.node(2), "s", "h", "1");

            TestCluster.await("all changes", () -> changed.equals(List.of("1", "2")) && removed.equals(List.of("1")));
        }
    }

    @Test
    void lastKnownStateServesAStartWithoutACluster() {
        Path known = folder.resolve("known");
        store.services()
                .register(Registration.of("s", "h", "1").address("10.1.1.1").persistent())
                .join();
        try (ServiceBalancer before = store.services().lastKnown(known).balancer("s", BalancerOptions.DEFAULT)) {
            assertThat(before.pick().instance().id()).isEqualTo("1");
            assertThat(Objects.requireNonNull(before.state()).stale()).isFalse();
        }
        cluster.close();
        try (StoreClient alone = StoreClient.connect(endpoints());
                ServiceBalancer balancer = alone.services().lastKnown(known).balancer("s", BalancerOptions.DEFAULT)) {
            assertThat(balancer.pick().instance().address()).isEqualTo("10.1.1.1");
            assertThat(Objects.requireNonNull(balancer.state()).stale()).isTrue();
        }
    }

    @Test
    void channelFollowsTheInstancesOfAService() throws IOException {
        StoreNameResolverProvider provider = new StoreNameResolverProvider(store);
        Set<Integer> answered = ConcurrentHashMap.newKeySet();
        Server first = server(answered);
        Server second = server(answered);
        // A server that has ended has no port any more.
        int firstPort = first.getPort();
        NameResolverRegistry.getDefaultRegistry().register(provider);
        ManagedChannel channel = NettyChannelBuilder.forTarget("store:///greeter?port=grpc")
                .usePlaintext()
                .build();
        try {
            for (Server server : List.of(first, second)) {
                store.services()
                        .register(Registration.of("greeter", "127.0.0.1", "" + server.getPort())
                                .address("127.0.0.1")
                                .port("http", 1)
                                .port("grpc", server.getPort(), "grpc"))
                        .join();
            }
            TestCluster.await("both answer", () -> {
                call(channel);
                return answered.equals(Set.of(firstPort, second.getPort()));
            });

            first.shutdownNow();
            store.services().deregister("greeter", "127.0.0.1", "" + firstPort).join();
            answered.clear();

            TestCluster.await("only the other", () -> {
                call(channel);
                return answered.equals(Set.of(second.getPort()));
            });
            for (int i = 0; i < 20; i++) {
                assertThat(call(channel)).isTrue();
            }
        } finally {
            channel.shutdownNow();
            NameResolverRegistry.getDefaultRegistry().deregister(provider);
            first.shutdownNow();
            second.shutdownNow();
        }
    }

    private static boolean call(ManagedChannel channel) {
        try {
            HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(Duration.ofSeconds(5))
                    .check(HealthCheckRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private static Server server(Set<Integer> answered) throws IOException {
        HealthStatusManager health = new HealthStatusManager();
        ServerInterceptor note = new ServerInterceptor() {
            @Override
            public <Q, A> io.grpc.ServerCall.Listener<Q> interceptCall(
                    io.grpc.ServerCall<Q, A> call, io.grpc.Metadata headers, ServerCallHandler<Q, A> next) {
                InetSocketAddress local = (InetSocketAddress)
                        Objects.requireNonNull(call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_LOCAL_ADDR));
                answered.add(local.getPort());
                return next.startCall(call, headers);
            }
        };
        return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(ServerInterceptors.intercept(health.getHealthService(), note))
                .build()
                .start();
    }

    @Test
    void balancerCallsAllInstancesAndLearnsOfChanges() {
        for (int i = 0; i < 3; i++) {
            register(cluster.node(i), persistent("s", "h", "" + i));
        }
        try (ServiceBalancer balancer = store.services().balancer("s", BalancerOptions.DEFAULT)) {
            balancer.ready().join();
            Set<String> met = ConcurrentHashMap.newKeySet();
            TestCluster.await("all three", () -> {
                ServiceBalancer.Pick pick = balancer.pick();
                pick.succeeded();
                met.add(pick.instance().id());
                return met.size() == 3;
            });
            store.services().drain("s", "h", "1", true).join();
            TestCluster.await("the drained one left out", () -> {
                for (int i = 0; i < 6; i++) {
                    ServiceBalancer.Pick pick = balancer.pick();
                    pick.succeeded();
                    if (pick.instance().id().equals("1")) {
                        return false;
                    }
                }
                return true;
            });
            assertThat(ids(every(cluster.node(0), "s"))).hasSize(3);
        }
    }
}
