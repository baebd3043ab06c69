package dev.store.server.discovery;

import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_CRITICAL;
import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_PASSING;
import static dev.store.api.v1.HealthStatus.HEALTH_STATUS_WARNING;
import static dev.store.api.v1.HeartbeatOutcome.HEARTBEAT_OUTCOME_ALIVE;
import static dev.store.api.v1.HeartbeatOutcome.HEARTBEAT_OUTCOME_PERSISTENT;
import static dev.store.api.v1.HeartbeatOutcome.HEARTBEAT_OUTCOME_REVIVED;
import static dev.store.api.v1.HeartbeatOutcome.HEARTBEAT_OUTCOME_UNKNOWN;
import static dev.store.server.discovery.DiscoveryCalls.beat;
import static dev.store.server.discovery.DiscoveryCalls.deregister;
import static dev.store.server.discovery.DiscoveryCalls.ephemeral;
import static dev.store.server.discovery.DiscoveryCalls.every;
import static dev.store.server.discovery.DiscoveryCalls.failure;
import static dev.store.server.discovery.DiscoveryCalls.ids;
import static dev.store.server.discovery.DiscoveryCalls.only;
import static dev.store.server.discovery.DiscoveryCalls.persistent;
import static dev.store.server.discovery.DiscoveryCalls.ref;
import static dev.store.server.discovery.DiscoveryCalls.register;
import static dev.store.server.discovery.DiscoveryCalls.report;
import static dev.store.server.discovery.DiscoveryCalls.reported;
import static dev.store.server.discovery.DiscoveryCalls.resolve;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.ForgetServiceRequest;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.ListServicesRequest;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.RegisterResponse;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.ServicePolicy;
import dev.store.api.v1.ServiceSummary;
import dev.store.api.v1.SetPolicyRequest;
import dev.store.api.v1.UpdateInstanceRequest;
import dev.store.server.testing.TestCluster;
import dev.store.server.testing.TestCluster.Node;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Services over the wire on three real nodes, each test with a service of its own. */
@Timeout(120)
class DiscoveryTest {
    private static TestCluster cluster;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        cluster = TestCluster.start(folder, 3, Map.of());
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static String service(TestInfo test) {
        return test.getTestMethod().orElseThrow().getName();
    }

    @Test
    void everyMemberShowsARegistrationAtItsRevision(TestInfo test) {
        String service = service(test);
        for (Node writer : cluster.nodes()) {
            long revision = register(writer, persistent(service, writer.name(), "1"));
            for (Node reader : cluster.nodes()) {
                ResolveResponse found = reader.discovery()
                        .resolve(ResolveRequest.newBuilder()
                                .setService(service)
                                .setRead(ReadOptions.newBuilder()
                                        .setConsistency(ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                                        .setAtLeastRevision(revision))
                                .build());
                assertThat(ids(found)).contains(writer.name() + "/1");
                assertThat(found.getHeader().getRevision()).isGreaterThanOrEqualTo(revision);
                assertThat(found.getLastChangeRevision()).isEqualTo(revision);
            }
        }
    }

    @Test
    void equalIdsOnTwoHostsAreTwoInstances(TestInfo test) {
        String service = service(test);
        register(cluster.node(0), persistent(service, "host-a", "1").setAddress("10.0.0.1"));
        register(cluster.node(1), persistent(service, "host-b", "1").setAddress("10.0.0.2"));

        assertThat(ids(every(cluster.node(2), service))).containsExactly("host-a/1", "host-b/1");

        assertThat(deregister(cluster.node(2), service, "host-a", "1")).isTrue();
        assertThat(ids(every(cluster.node(0), service))).containsExactly("host-b/1");
    }

    @Test
    void unknownServiceDiffersFromOneWithoutInstances(TestInfo test) {
        String service = service(test);
        Node member = cluster.node(0);
        assertThat(resolve(member, service).getKnown()).isFalse();
        assertThat(resolve(member, service).getLastChangeRevision()).isZero();
        long registered = register(member, persistent(service, "h", "1"));

        assertThat(deregister(member, service, "h", "1")).isTrue();

        ResolveResponse empty = resolve(cluster.node(1), service);
        assertThat(empty.getKnown()).isTrue();
        assertThat(empty.getInstancesList()).isEmpty();
        assertThat(empty.getLastChangeRevision()).isGreaterThan(registered);
        assertThat(deregister(member, service, "h", "1")).isFalse();
    }

    @Test
    void missedHeartbeatTurnsCriticalAndThenTheInstanceIsRemoved(TestInfo test) {
        String service = service(test);
        register(cluster.node(0), persistent(service, "h", "stays"));
        register(cluster.node(0), ephemeral(service, "h", "leaves", 1_000).setDeregisterAfterMs(1_500));
        assertThat(ids(resolve(cluster.node(1), service))).containsExactly("h/leaves", "h/stays");

        TestCluster.await(
                "critical", () -> ids(resolve(cluster.node(1), service)).equals(java.util.List.of("h/stays")));
        InstanceState lapsed = every(cluster.node(2), service).getInstances(0);
        assertThat(lapsed.getStatus()).isEqualTo(HEALTH_STATUS_CRITICAL);
        assertThat(lapsed.getChecks(0).getName()).isEqualTo("heartbeat");
        assertThat(lapsed.getChecks(0).getOutput()).isEqualTo("no heartbeat within 1000 ms");
        long since = lapsed.getSinceMs();

        TestCluster.await("removed", () -> ids(every(cluster.node(2), service)).equals(java.util.List.of("h/stays")));
        assertThat(System.currentTimeMillis() - since).isGreaterThanOrEqualTo(1_450);
    }

    @Test
    void heartbeatsKeepInstancesAliveWithoutWritingAnything(TestInfo test) {
        String service = service(test);
        register(cluster.node(0), ephemeral(service, "h", "1", 60_000));
        register(cluster.node(1), persistent(service, "h", "2"));

        for (Node member : cluster.nodes()) {
            assertThat(beat(member, ref(service, "h", "1"), ref(service, "h", "2"), ref(service, "h", "nobody")))
                    .containsExactly(HEARTBEAT_OUTCOME_ALIVE, HEARTBEAT_OUTCOME_PERSISTENT, HEARTBEAT_OUTCOME_UNKNOWN);
        }
        ResolveResponse before = every(cluster.node(0), service);
        beat(cluster.node(2), ref(service, "h", "1"));
        assertThat(every(cluster.node(0), service).getLastChangeRevision()).isEqualTo(before.getLastChangeRevision());
    }

    @Test
    void lapsedInstanceLivesAgainWithItsNextHeartbeat(TestInfo test) {
        String service = service(test);
        register(cluster.node(0), ephemeral(service, "h", "1", 1_000).setDeregisterAfterMs(0));
        TestCluster.await(
                "critical", () -> only(every(cluster.node(0), service)).getStatus() == HEALTH_STATUS_CRITICAL);

        assertThat(beat(cluster.node(1), ref(service, "h", "1"))).containsExactly(HEARTBEAT_OUTCOME_REVIVED);
        assertThat(only(every(cluster.node(2), service)).getStatus()).isEqualTo(HEALTH_STATUS_PASSING);
        assertThat(beat(cluster.node(1), ref(service, "h", "1"))).containsExactly(HEARTBEAT_OUTCOME_ALIVE);
    }

    @Test
    void registeringAgainReplacesAndKeepsTheChecksThatStay(TestInfo test) {
        String service = service(test);
        Node member = cluster.node(0);
        register(
                member,
                ephemeral(service, "h", "1", 60_000).addChecks(reported("disk")).addChecks(reported("db")));
        report(member, ref(service, "h", "1"), "disk", HEALTH_STATUS_PASSING, "fine");
        report(member, ref(service, "h", "1"), "db", HEALTH_STATUS_PASSING, "fine");

        register(cluster.node(1), persistent(service, "h", "1").setVersion("2").addChecks(reported("disk")));

        InstanceState state = only(every(member, service));
        assertThat(state.getInstance().getVersion()).isEqualTo("2");
        assertThat(state.getChecksList()).singleElement().satisfies(check -> {
            assertThat(check.getName()).isEqualTo("disk");
            assertThat(check.getStatus()).isEqualTo(HEALTH_STATUS_PASSING);
        });
        assertThat(state.getCreateRevision()).isLessThan(state.getModRevision());
        assertThat(beat(member, ref(service, "h", "1"))).containsExactly(HEARTBEAT_OUTCOME_PERSISTENT);
    }

    @Test
    void worstCheckDecidesAndTellsSinceWhen(TestInfo test) {
        String service = service(test);
        Node member = cluster.node(0);
        register(
                member,
                persistent(service, "h", "1").addChecks(reported("disk")).addChecks(reported("db")));
        assertThat(only(every(member, service)).getStatus()).isEqualTo(HEALTH_STATUS_CRITICAL);

        assertThat(report(member, ref(service, "h", "1"), "disk", HEALTH_STATUS_PASSING, "ok"))
                .isTrue();
        assertThat(report(cluster.node(1), ref(service, "h", "1"), "db", HEALTH_STATUS_WARNING, "slow"))
                .isTrue();
        assertThat(report(cluster.node(1), ref(service, "h", "1"), "db", HEALTH_STATUS_WARNING, "slow"))
                .isFalse();

        InstanceState state = only(resolve(cluster.node(2), service));
        assertThat(state.getStatus()).isEqualTo(HEALTH_STATUS_WARNING);
        assertThat(state.getSinceMs()).isEqualTo(state.getChecks(1).getSinceMs());
        assertThat(state.getChecks(1).getOutput()).isEqualTo("slow");
        assertThat(failure(() -> report(member, ref(service, "h", "1"), "cpu", HEALTH_STATUS_PASSING, ""))
                        .code())
                .isEqualTo(ErrorCode.CHECK_NOT_FOUND);
        assertThat(failure(() -> report(member, ref(service, "h", "2"), "db", HEALTH_STATUS_PASSING, ""))
                        .code())
                .isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
    }

    @Test
    void massFailureIsAnsweredWithAllInstancesAndTheirTrueStatus(TestInfo test) {
        String service = service(test);
        Node member = cluster.node(0);
        for (int i = 0; i < 4; i++) {
            register(
                    member,
                    persistent(service, "h", "" + i)
                            .addChecks(reported("c").toBuilder().setInitial(HEALTH_STATUS_PASSING)));
        }
        for (int i = 0; i < 2; i++) {
            report(member, ref(service, "h", "" + i), "c", HEALTH_STATUS_CRITICAL, "down");
        }
        assertThat(resolve(member, service).getProtected()).isFalse();
        assertThat(ids(resolve(member, service))).containsExactly("h/2", "h/3");

        report(member, ref(service, "h", "2"), "c", HEALTH_STATUS_CRITICAL, "down");

        ResolveResponse all = resolve(cluster.node(1), service);
        assertThat(all.getProtected()).isTrue();
        assertThat(all.getInstancesList())
                .extracting(InstanceState::getStatus)
                .containsExactly(
                        HEALTH_STATUS_CRITICAL, HEALTH_STATUS_CRITICAL, HEALTH_STATUS_CRITICAL, HEALTH_STATUS_PASSING);
    }

    @Test
    void filtersAndTheCallersZoneNarrowTheAnswer(TestInfo test) {
        String service = service(test);
        Node member = cluster.node(0);
        register(
                member,
                persistent(service, "h", "a1").setZone("a").addTags("blue").setVersion("1"));
        register(
                member,
                persistent(service, "h", "a2").setZone("a").setVersion("2").putMetadata("k", "v"));
        register(
                member,
                persistent(service, "h", "b1").setZone("b").addTags("blue").setVersion("1"));
        register(member, persistent(service, "h", "b2").setZone("b").setDraining(true));
        ResolveRequest.Builder all = ResolveRequest.newBuilder().setService(service);

        assertThat(ids(resolve(member, all.clone()))).containsExactly("h/a1", "h/a2", "h/b1");
        assertThat(ids(resolve(member, all.clone().addTags("blue")))).containsExactly("h/a1", "h/b1");
        assertThat(ids(resolve(member, all.clone().setVersion("2")))).containsExactly("h/a2");
        assertThat(ids(resolve(member, all.clone().putMetadata("k", "v")))).containsExactly("h/a2");
        assertThat(ids(resolve(member, all.clone().setZone("b").setDraining(true))))
                .containsExactly("h/b1", "h/b2");
        ResolveResponse local = resolve(member, all.clone().setCallerZone("b"));
        assertThat(ids(local)).containsExactly("h/b1");
        assertThat(local.getLocal()).isTrue();
        ResolveResponse elsewhere = resolve(member, all.clone().setCallerZone("c"));
        assertThat(ids(elsewhere)).hasSize(3);
        assertThat(elsewhere.getLocal()).isFalse();
        ResolveResponse limited = resolve(member, all.clone().setLimit(2));
        assertThat(ids(limited)).containsExactly("h/a1", "h/a2");
        assertThat(limited.getMore()).isTrue();
    }

    @Test
    void updatesChangeOnlyWhatTheyName(TestInfo test) {
        String service = service(test);
        register(
                cluster.node(0),
                persistent(service, "h", "1").putMetadata("keep", "1").putMetadata("drop", "1"));

        cluster.node(1)
                .discovery()
                .updateInstance(UpdateInstanceRequest.newBuilder()
                        .setRef(ref(service, "h", "1"))
                        .setDraining(true)
                        .setWeight(7)
                        .putMetadata("new", "2")
                        .addMetadataRemoved("drop")
                        .build());

        InstanceState state = only(every(cluster.node(2), service));
        assertThat(state.getInstance().getDraining()).isTrue();
        assertThat(state.getInstance().getWeight()).isEqualTo(7);
        assertThat(state.getInstance().getMetadataMap()).isEqualTo(Map.of("keep", "1", "new", "2"));
        assertThat(state.getInstance().getAddress()).isEqualTo("10.0.0.1");
        assertThat(failure(() -> cluster.node(0)
                                .discovery()
                                .updateInstance(UpdateInstanceRequest.newBuilder()
                                        .setRef(ref(service, "h", "2"))
                                        .setDraining(true)
                                        .build()))
                        .code())
                .isEqualTo(ErrorCode.INSTANCE_NOT_FOUND);
    }

    @Test
    void policiesAreKeptCentrallyAndServicesForgottenOnlyWhenEmpty(TestInfo test) {
        String service = service(test);
        register(cluster.node(0), persistent(service, "h", "1").setVersion("1"));
        register(cluster.node(0), persistent(service, "h", "2").setVersion("2"));
        ServicePolicy policy = ServicePolicy.newBuilder().setDefaultVersion("2").build();
        cluster.node(1)
                .discovery()
                .setPolicy(SetPolicyRequest.newBuilder()
                        .setService(service)
                        .setPolicy(policy)
                        .build());

        ResolveResponse found = resolve(cluster.node(2), service);
        assertThat(found.getPolicy()).isEqualTo(policy);
        assertThat(ids(found)).containsExactly("h/2");

        ForgetServiceRequest forget =
                ForgetServiceRequest.newBuilder().setService(service).build();
        assertThat(failure(() -> cluster.node(0).discovery().forgetService(forget))
                        .code())
                .isEqualTo(ErrorCode.SERVICE_IN_USE);
        deregister(cluster.node(0), service, "h", "1");
        deregister(cluster.node(0), service, "h", "2");
        cluster.node(0).discovery().forgetService(forget);
        assertThat(resolve(cluster.node(2), service).getKnown()).isFalse();
    }

    @Test
    void repeatedOperationTakesEffectOnce(TestInfo test) {
        String service = service(test);
        OperationId operation =
                OperationId.newBuilder().setClientId(4711).setSequence(1).build();
        RegisterRequest request = RegisterRequest.newBuilder()
                .setOperation(operation)
                .setInstance(ephemeral(service, "h", "1", 60_000))
                .build();
        RegisterResponse first = cluster.node(0).discovery().register(request);
        deregister(cluster.node(1), service, "h", "1");

        RegisterResponse repeated = cluster.node(2).discovery().register(request);

        assertThat(repeated.getHeader().getRevision())
                .isEqualTo(first.getHeader().getRevision());
        assertThat(every(cluster.node(0), service).getInstancesList()).isEmpty();
        DeregisterRequest removal = DeregisterRequest.newBuilder()
                .setOperation(operation.toBuilder().setSequence(2))
                .setRef(ref(service, "h", "1"))
                .build();
        assertThat(cluster.node(0).discovery().deregister(removal).getFound()).isFalse();
    }

    @Test
    void listsServicesOfANamespaceInPagesWithCounts() {
        for (int i = 0; i < 5; i++) {
            cluster.node(0)
                    .discovery()
                    .register(RegisterRequest.newBuilder()
                            .setNamespace("paged")
                            .setInstance(persistent("s" + i, "h", "1"))
                            .build());
        }
        ListServicesRequest first = ListServicesRequest.newBuilder()
                .setNamespace("paged")
                .setRead(ReadOptions.getDefaultInstance())
                .setLimit(3)
                .build();

        var page = cluster.node(1).discovery().listServices(first);
        assertThat(page.getServicesList())
                .extracting(ServiceSummary::getService)
                .containsExactly("s0", "s1", "s2");
        assertThat(page.getMore()).isTrue();
        assertThat(page.getServices(0).getPassing()).isEqualTo(1);
        var rest = cluster.node(2)
                .discovery()
                .listServices(first.toBuilder().setAfter("s2").build());
        assertThat(rest.getServicesList())
                .extracting(ServiceSummary::getService)
                .containsExactly("s3", "s4");
        assertThat(rest.getMore()).isFalse();
    }
}
