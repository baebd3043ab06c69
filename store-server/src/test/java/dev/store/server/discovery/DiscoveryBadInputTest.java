package dev.store.server.discovery;

import static dev.store.server.discovery.DiscoveryCalls.persistent;
import static dev.store.server.discovery.DiscoveryCalls.reported;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Check;
import dev.store.api.v1.HttpCheck;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceRef;
import dev.store.api.v1.OutlierPolicy;
import dev.store.api.v1.Port;
import dev.store.api.v1.ServicePolicy;
import dev.store.api.v1.TcpCheck;
import dev.store.server.config.ChecksConfig;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a request is named with its value. */
class DiscoveryBadInputTest {
    static Stream<Arguments> instances() {
        String long129 = "x".repeat(129);
        return Stream.of(
                wrong(good().setService(""), "instance.service: \"\""),
                wrong(good().setService("a/b"), "instance.service: \"a/b\""),
                wrong(good().setService("a\nb"), "instance.service: \"a?b\""),
                wrong(good().setService("a\0b"), "instance.service: \"a?b\""),
                wrong(good().setNode("käse"), "instance.node: \"käse\""),
                wrong(good().setId(long129), "1 to 128 characters"),
                wrong(good().setAddress(""), "instance.address: \"\""),
                wrong(good().setAddress("http://x/"), "instance.address: \"http://x/\""),
                wrong(good().setAddress("x".repeat(254)), "1 to 253 characters"),
                wrong(good().setVersion("1\t2"), "instance.version: \"1?2\""),
                wrong(good().setZone("a b"), "instance.zone: \"a b\""),
                wrong(good().setRegion("a b"), "instance.region: \"a b\""),
                wrong(good().setWeight(-1), "instance.weight: -1 (expected: 0 to 10000)"),
                wrong(good().setWeight(10_001), "instance.weight: 10001"),
                wrong(good().addPorts(port("x", 0)), "instance.ports[1].number: 0 (expected: 1 to 65535)"),
                wrong(good().addPorts(port("x", 65_536)), "instance.ports[1].number: 65536"),
                wrong(good().addPorts(port("http", 1)), "instance.ports[1].name: \"http\" (expected: different"),
                wrong(
                        good().addPorts(port("x", 1).toBuilder().setProtocol("HTTP")),
                        "instance.ports[1].protocol: \"HTTP\""),
                wrong(good().addTags(""), "instance.tags[0]: \"\""),
                wrong(good().addTags("a").addTags("a"), "instance.tags[1]: \"a\" (expected: different"),
                wrong(good().addTags(long129), "at most 128 characters"),
                wrong(good().putMetadata("", "v"), "instance.metadata: an empty name"),
                wrong(good().putMetadata("k", "v\u0007"), "instance.metadata[\"k\"]: \"v?\""),
                wrong(good().putMetadata("k", "v".repeat(1_025)), "at most 1024 characters"),
                wrong(good().setTtlMs(999), "instance.ttl_ms: 999 (expected: 1000 to 86400000)"),
                wrong(good().setTtlMs(-1), "instance.ttl_ms: -1"),
                wrong(good().setDeregisterAfterMs(1), "instance.deregister_after_ms: 1"),
                wrong(good().addChecks(reported("heartbeat")), "instance.checks[0].name: \"heartbeat\""),
                wrong(good().addChecks(reported("c")).addChecks(reported("c")), "instance.checks[1].name: \"c\""),
                wrong(good().addChecks(Check.newBuilder().setName("c")), "instance.checks[0]: no kind"),
                wrong(
                        good().addChecks(reported("c").toBuilder().setFailures(2)),
                        "instance.checks[0]: \"c\" (expected: no successes"),
                wrong(good().addChecks(http("nope", "/")), "instance.checks[0].http.port: \"nope\""),
                wrong(good().addChecks(http("", "x")), "instance.checks[0].http.path: \"x\""),
                wrong(good().addChecks(http("", "/a b\r\nHost: evil")), "instance.checks[0].http.path"),
                wrong(
                        good().addChecks(http("", "/").toBuilder().setIntervalMs(999)),
                        "instance.checks[0].interval_ms: 999"),
                wrong(
                        good().addChecks(http("", "/").toBuilder().setTimeoutMs(10_001)),
                        "instance.checks[0].timeout_ms: 10001 (expected: 100 to 10000)"));
    }

    @ParameterizedTest
    @MethodSource("instances")
    void wrongInstanceIsRefusedByName(Instance.Builder instance, String message) {
        assertThatThrownBy(() -> InstanceRequests.instance(instance.build()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(message);
    }

    @Test
    void instanceThatIsTooLargeInAllIsRefused() {
        Instance.Builder large = good();
        for (int i = 0; i < 20; i++) {
            large.putMetadata("k" + i, "v".repeat(1_000));
        }

        assertThatThrownBy(() -> InstanceRequests.instance(large.build()))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessageContaining("expected: at most 16384");
    }

    @Test
    void goodInstancesPass() {
        InstanceRequests.instance(good().build());
        InstanceRequests.instance(
                good().addChecks(http("", "")).addChecks(reported("r")).build());
        InstanceRequests.instance(Instance.newBuilder()
                .setService("a.b_c-d:e@f")
                .setNode("N")
                .setId("1")
                .setAddress("fd00::1")
                .build());
    }

    @Test
    void wrongPoliciesAndRefsAreRefusedByName() {
        assertThatThrownBy(() -> InstanceRequests.policy(
                        ServicePolicy.newBuilder().setProtectPercent(101).build()))
                .hasMessageContaining("policy.protect_percent: 101 (expected: 0 to 100)");
        assertThatThrownBy(() -> InstanceRequests.policy(ServicePolicy.newBuilder()
                        .setOutliers(OutlierPolicy.newBuilder().setEjectionMs(5))
                        .build()))
                .hasMessageContaining("policy.outliers.ejection_ms: 5");
        assertThatThrownBy(() -> InstanceRequests.ref(
                        "refs[3]",
                        InstanceRef.newBuilder()
                                .setService("a")
                                .setNode("")
                                .setId("1")
                                .build()))
                .hasMessageContaining("refs[3].node: \"\"");
    }

    @Test
    void activeChecksAreRefusedWhereTheyAreOffOrWouldLeadElsewhere() {
        Instance active = good().addChecks(http("", "/")).build();
        CheckRules off = new CheckRules(new ChecksConfig(false, List.of()));

        assertThatThrownBy(() -> off.check(active))
                .hasMessageContaining("instance.checks[0]: \"c\" is active (expected: reported; checks.enabled is off");
        off.check(good().addChecks(reported("r")).build());
    }

    private static Arguments wrong(Instance.Builder instance, String message) {
        return Arguments.of(instance, message);
    }

    private static Instance.Builder good() {
        return persistent("s", "n", "1");
    }

    private static Port port(String name, int number) {
        return Port.newBuilder().setName(name).setNumber(number).build();
    }

    private static Check http(String port, String path) {
        return Check.newBuilder()
                .setName("c")
                .setHttp(HttpCheck.newBuilder().setPort(port).setPath(path))
                .build();
    }

    @Test
    void checkWithoutAnyPortIsRefused() {
        Instance.Builder portless =
                good().clearPorts().addChecks(Check.newBuilder().setName("c").setTcp(TcpCheck.getDefaultInstance()));

        assertThatThrownBy(() -> InstanceRequests.instance(portless.build()))
                .hasMessageContaining("instance.checks[0].tcp.port: \"\"");
    }
}
