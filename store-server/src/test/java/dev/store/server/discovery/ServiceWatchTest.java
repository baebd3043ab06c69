package dev.store.server.discovery;

import static dev.store.server.discovery.DiscoveryCalls.deregister;
import static dev.store.server.discovery.DiscoveryCalls.failure;
import static dev.store.server.discovery.DiscoveryCalls.persistent;
import static dev.store.server.discovery.DiscoveryCalls.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.ForgetServiceRequest;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ServicePolicy;
import dev.store.api.v1.ServiceSummary;
import dev.store.api.v1.SetPolicyRequest;
import dev.store.api.v1.WatchServicesRequest;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watches of services over the wire, also while nodes stop and come back. */
@Timeout(120)
class ServiceWatchTest {
    private TestCluster cluster;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private static WatchServicesRequest.Builder of(String service) {
        return WatchServicesRequest.newBuilder().setService(service);
    }

    @Test
    void showsWhatThereIsThenAMarkThenChangesInTheOrderOfTheirRevisions() {
        register(cluster.node(0), persistent("s", "h", "1"));
        long second = register(cluster.node(0), persistent("s", "h", "2"));
        try (ServiceWatcher watcher = new ServiceWatcher(cluster.node(1), of("s").setAtLeastRevision(second))) {
            assertThat(watcher.awaitComplete()).isGreaterThanOrEqualTo(second);
            assertThat(watcher.instances()).containsOnlyKeys("s/h/1", "s/h/2");

            long third = register(cluster.node(2), persistent("s", "h", "3"));
            deregister(cluster.node(0), "s", "h", "1");
            cluster.node(0)
                    .discovery()
                    .setPolicy(SetPolicyRequest.newBuilder()
                            .setService("s")
                            .setPolicy(ServicePolicy.newBuilder().setDefaultVersion("7"))
                            .build());

            watcher.await(
                    "all changes",
                    seen -> seen.instances().keySet().equals(java.util.Set.of("s/h/2", "s/h/3"))
                            && seen.services()
                                    .getOrDefault("s", ServiceSummary.getDefaultInstance())
                                    .getPolicy()
                                    .getDefaultVersion()
                                    .equals("7"));
            assertThat(Objects.requireNonNull(watcher.instances().get("s/h/3")).getModRevision())
                    .isEqualTo(third);
            assertThat(watcher.messages())
                    .extracting(message -> message.getRevision())
                    .isSorted();
        }
    }

    @Test
    void serviceThatDoesNotExistYetCanBeWatched() {
        try (ServiceWatcher watcher = new ServiceWatcher(cluster.node(1), of("later"))) {
            watcher.awaitComplete();
            assertThat(watcher.services()).isEmpty();

            register(cluster.node(0), persistent("later", "h", "1"));

            watcher.await("the instance", seen -> seen.instances().containsKey("later/h/1"));
        }
    }

    @Test
    void wholeNamespaceAndItsNamesCanBeWatched() {
        register(cluster.node(0), persistent("a", "h", "1"));
        register(cluster.node(0), persistent("b", "h", "1"));
        cluster.node(0)
                .discovery()
                .register(RegisterRequest.newBuilder()
                        .setNamespace("other")
                        .setInstance(persistent("hidden", "h", "1"))
                        .build());
        try (ServiceWatcher all = new ServiceWatcher(
                        cluster.node(0), WatchServicesRequest.newBuilder().setAllInstances(true));
                ServiceWatcher names = new ServiceWatcher(
                        cluster.node(0), WatchServicesRequest.newBuilder().setNames(true))) {
            all.awaitComplete();
            names.awaitComplete();
            register(cluster.node(1), persistent("c", "h", "1"));
            deregister(cluster.node(1), "a", "h", "1");
            cluster.node(1)
                    .discovery()
                    .forgetService(
                            ForgetServiceRequest.newBuilder().setService("a").build());

            for (ServiceWatcher watcher : java.util.List.of(all, names)) {
                watcher.await("names", seen -> seen.services().keySet().equals(java.util.Set.of("b", "c")));
            }
            assertThat(all.instances()).containsOnlyKeys("b/h/1", "c/h/1");
            assertThat(names.instances()).isEmpty();
        }
    }

    @Test
    void watchEndsWithItsNodeAndGoesOnElsewhereWithoutGoingBackInTime() throws IOException {
        Node first = cluster.follower();
        Node other = cluster.leader();
        register(other, persistent("s", "h", "1"));
        long seen;
        try (ServiceWatcher watcher = new ServiceWatcher(first, of("s"))) {
            watcher.awaitComplete();
            watcher.await("the instance", now -> now.instances().containsKey("s/h/1"));
            seen = watcher.messages().get(watcher.messages().size() - 1).getRevision();
            first.stop();
            watcher.await("the end", now -> now.failure() != null);
        }
        long later = register(other, persistent("s", "h", "2"));
        try (ServiceWatcher resumed = new ServiceWatcher(other, of("s").setAtLeastRevision(Math.max(seen, later)))) {
            assertThat(resumed.awaitComplete()).isGreaterThanOrEqualTo(later);
            assertThat(resumed.instances()).containsOnlyKeys("s/h/1", "s/h/2");
        }
        cluster.restart(first);
        cluster.awaitReady();
        try (ServiceWatcher again = new ServiceWatcher(first, of("s").setAtLeastRevision(later))) {
            again.awaitComplete();
            assertThat(again.instances()).containsOnlyKeys("s/h/1", "s/h/2");
        }
    }

    @Test
    void manyInstancesComeInSeveralMessages() {
        for (int i = 0; i < 30; i++) {
            register(
                    cluster.node(0),
                    persistent("large", "h", String.format(java.util.Locale.ROOT, "%03d", i))
                            .putMetadata("k1", "v".repeat(1_024))
                            .putMetadata("k2", "v".repeat(1_024))
                            .putMetadata("k3", "v".repeat(1_024))
                            .putMetadata("k4", "v".repeat(1_024))
                            .putMetadata("k5", "v".repeat(1_024))
                            .putMetadata("k6", "v".repeat(1_024))
                            .putMetadata("k7", "v".repeat(1_024))
                            .putMetadata("k8", "v".repeat(1_024))
                            .putMetadata("k9", "v".repeat(1_024))
                            .putMetadata("ka", "v".repeat(1_024)));
        }
        long revision = cluster.node(0)
                .discovery()
                .resolve(ResolveRequest.newBuilder()
                        .setService("large")
                        .setRead(ReadOptions.getDefaultInstance())
                        .build())
                .getHeader()
                .getRevision();
        try (ServiceWatcher watcher =
                new ServiceWatcher(cluster.node(0), of("large").setAtLeastRevision(revision))) {
            watcher.awaitComplete();
            assertThat(watcher.instances()).hasSize(30);
            assertThat(watcher.messages().stream().filter(message -> message.getInstancesCount() > 0))
                    .hasSizeGreaterThan(1);
        }
    }

    @Test
    void watchOfNothingIsRefused() {
        try (ServiceWatcher watcher = new ServiceWatcher(cluster.node(0), WatchServicesRequest.newBuilder())) {
            watcher.await("the refusal", seen -> seen.failure() != null);
            assertThat(GrpcErrors.fromGrpc(Objects.requireNonNull(watcher.failure()))
                            .code())
                    .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        }
        assertThat(failure(() -> cluster.node(0)
                                .discovery()
                                .resolve(ResolveRequest.newBuilder()
                                        .setNamespace("NOT VALID")
                                        .setService("s")
                                        .build()))
                        .getMessage())
                .contains("namespace: \"NOT VALID\"");
    }
}
