package dev.store.cli.command;

import static dev.store.cli.ScriptedMember.stream;
import static dev.store.cli.ScriptedMember.unary;
import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.Balancing;
import dev.store.api.v1.CheckState;
import dev.store.api.v1.DeregisterRequest;
import dev.store.api.v1.DeregisterResponse;
import dev.store.api.v1.DiscoveryGrpc;
import dev.store.api.v1.ForgetServiceRequest;
import dev.store.api.v1.ForgetServiceResponse;
import dev.store.api.v1.HealthStatus;
import dev.store.api.v1.Instance;
import dev.store.api.v1.InstanceState;
import dev.store.api.v1.ListServicesResponse;
import dev.store.api.v1.OutlierPolicy;
import dev.store.api.v1.Port;
import dev.store.api.v1.RegisterRequest;
import dev.store.api.v1.RegisterResponse;
import dev.store.api.v1.ResolveRequest;
import dev.store.api.v1.ResolveResponse;
import dev.store.api.v1.ResponseHeader;
import dev.store.api.v1.ServicePolicy;
import dev.store.api.v1.ServiceSummary;
import dev.store.api.v1.SetPolicyRequest;
import dev.store.api.v1.SetPolicyResponse;
import dev.store.api.v1.UpdateCheckRequest;
import dev.store.api.v1.UpdateCheckResponse;
import dev.store.api.v1.UpdateInstanceRequest;
import dev.store.api.v1.UpdateInstanceResponse;
import dev.store.api.v1.WatchServicesResponse;
import dev.store.cli.CommandRun;
import dev.store.cli.ExitCode;
import dev.store.cli.ScriptedMember;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceCommandsTest {
    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setRevision(42).build();

    private static InstanceState instance(String id, HealthStatus status) {
        return InstanceState.newBuilder()
                .setInstance(Instance.newBuilder()
                        .setService("pay")
                        .setNode("h1")
                        .setId(id)
                        .setAddress("10.0.0.7")
                        .addPorts(Port.newBuilder().setNumber(8080))
                        .addPorts(Port.newBuilder().setName("admin").setNumber(9)))
                .setStatus(status)
                .setSinceMs(1_000)
                .addChecks(CheckState.newBuilder()
                        .setName("disk")
                        .setStatus(status)
                        .setOutput("90 % full")
                        .setSinceMs(1_000))
                .build();
    }

    private static ScriptedMember resolving(ResolveResponse.Builder answer) throws IOException {
        return ScriptedMember.answering(unary(
                DiscoveryGrpc.getResolveMethod(), q -> answer.setHeader(HEADER).build()));
    }

    @Test
    void resolvePrintsATableAndSendsWhatWasAsked() throws IOException {
        ResolveResponse.Builder answer = ResolveResponse.newBuilder()
                .setKnown(true)
                .setProtected(true)
                .addInstances(instance("1", HealthStatus.HEALTH_STATUS_CRITICAL));
        try (ScriptedMember member = resolving(answer)) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run(
                            "service",
                            "resolve",
                            "pay",
                            "--tag",
                            "blue",
                            "--status",
                            "critical",
                            "--meta",
                            "a=b",
                            "--caller-zone",
                            "z",
                            "-n",
                            "shop");

            assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(run.out()).contains("NODE", "10.0.0.7:8080 admin:9", "critical");
            assertThat(run.err()).contains("protected");
            ResolveRequest request = (ResolveRequest) member.requests().get(0);
            assertThat(request.getNamespace()).isEqualTo("shop");
            assertThat(request.getTagsList()).containsExactly("blue");
            assertThat(request.getStatusesList()).containsExactly(HealthStatus.HEALTH_STATUS_CRITICAL);
            assertThat(request.getMetadataMap()).isEqualTo(Map.of("a", "b"));
            assertThat(request.hasRead()).isFalse();
        }
    }

    @Test
    void resolveTellsAnUnknownServiceFromAnEmptyOne() throws IOException {
        try (ScriptedMember member = resolving(ResolveResponse.newBuilder())) {
            CommandRun run = CommandRun.against(member.endpoint()).run("service", "resolve", "pay");
            assertThat(run.exitCode()).isEqualTo(ExitCode.NO);
            assertThat(run.err()).contains("no such service: pay");
        }
        try (ScriptedMember member = resolving(ResolveResponse.newBuilder().setKnown(true))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("service", "resolve", "pay", "-o", "json");
            assertThat(run.exitCode()).isEqualTo(ExitCode.NO);
            assertThat(run.out()).contains("\"known\":true").contains("\"instances\":[]");
        }
    }

    @Test
    void resolvePrintsJson() throws IOException {
        try (ScriptedMember member = resolving(ResolveResponse.newBuilder()
                .setKnown(true)
                .addInstances(instance("1", HealthStatus.HEALTH_STATUS_PASSING)))) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run("service", "resolve", "pay", "-o", "json", "--linearizable");

            assertThat(run.out())
                    .contains("\"revision\":42")
                    .contains("\"id\":\"1\",\"address\":\"10.0.0.7\"")
                    .contains("\"checks\":[{\"name\":\"disk\",\"status\":\"passing\",\"output\":\"90 % full\"");
            assertThat(((ResolveRequest) member.requests().get(0)).hasRead()).isTrue();
        }
    }

    @Test
    void policyChangesWhatIsNamedAndKeepsTheRest() throws IOException {
        ServicePolicy before = ServicePolicy.newBuilder()
                .setProtectPercent(0)
                .setDefaultVersion("2")
                .build();
        try (ScriptedMember member = ScriptedMember.answering(
                unary(DiscoveryGrpc.getResolveMethod(), q -> ResolveResponse.newBuilder()
                        .setHeader(HEADER)
                        .setKnown(true)
                        .setPolicy(before)
                        .build()),
                unary(
                        DiscoveryGrpc.getSetPolicyMethod(),
                        q -> SetPolicyResponse.newBuilder().setHeader(HEADER).build()))) {
            CommandRun shown = CommandRun.against(member.endpoint()).run("service", "policy", "pay", "-o", "json");
            assertThat(shown.out())
                    .startsWith(
                            "{\"set\":true,\"protect_percent\":0,\"protect_hold_ms\":3600000,\"balancing\":\"client\"")
                    .contains("\"default_version\":\"2\",\"consecutive_failures\":5");

            CommandRun run = CommandRun.against(member.endpoint())
                    .run("service", "policy", "pay", "--balancing", "peak-ewma", "--eject-for", "2s");
            assertThat(run.out()).isEqualTo("set, revision 42\n");
            SetPolicyRequest request =
                    (SetPolicyRequest) member.requests().get(member.requests().size() - 1);
            assertThat(request.getPolicy())
                    .isEqualTo(before.toBuilder()
                            .setBalancing(Balancing.BALANCING_PEAK_EWMA)
                            .setOutliers(OutlierPolicy.newBuilder().setEjectionMs(2_000))
                            .build());

            CommandRun cleared = CommandRun.against(member.endpoint()).run("service", "policy", "pay", "--clear");
            assertThat(cleared.out()).isEqualTo("cleared, revision 42\n");
            SetPolicyRequest clearing =
                    (SetPolicyRequest) member.requests().get(member.requests().size() - 1);
            assertThat(clearing.hasPolicy()).isFalse();
        }
    }

    @Test
    void badPoliciesAreRefusedBeforeAnythingIsAsked() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering()) {
            CommandRun run =
                    CommandRun.against(member.endpoint()).run("service", "policy", "pay", "--balancing", "fairest");
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains("--balancing: \"fairest\" (expected: client, round-robin");
            run = CommandRun.against(member.endpoint())
                    .run("service", "policy", "pay", "--clear", "--zone-preference", "off");
            assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(member.requests()).isEmpty();
        }
    }

    @Test
    void forgetSaysAtWhichRevision() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(unary(
                DiscoveryGrpc.getForgetServiceMethod(),
                q -> ForgetServiceResponse.newBuilder().setHeader(HEADER).build()))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("service", "forget", "pay");
            assertThat(run.out()).isEqualTo("forgotten, revision 42\n");
            assertThat(((ForgetServiceRequest) member.requests().get(0)).getService())
                    .isEqualTo("pay");
        }
    }

    @Test
    void checkShowsAndReports() throws IOException {
        try (ScriptedMember member = resolving(ResolveResponse.newBuilder()
                .setKnown(true)
                .addInstances(instance("1", HealthStatus.HEALTH_STATUS_WARNING)))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("service", "check", "pay", "h1", "1");
            assertThat(run.out()).startsWith("warning\n").contains("disk", "90 % full");
            CommandRun none = CommandRun.against(member.endpoint()).run("service", "check", "pay", "h1", "2");
            assertThat(none.exitCode()).isEqualTo(ExitCode.NO);
        }
        try (ScriptedMember member = ScriptedMember.answering(
                unary(DiscoveryGrpc.getUpdateCheckMethod(), q -> UpdateCheckResponse.newBuilder()
                        .setHeader(HEADER)
                        .setChanged(true)
                        .build()))) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run("service", "check", "pay", "h1", "1", "disk", "--status", "passing", "--text", "fine");
            assertThat(run.out()).isEqualTo("reported, revision 42\n");
            UpdateCheckRequest request = (UpdateCheckRequest) member.requests().get(0);
            assertThat(request.getStatus()).isEqualTo(HealthStatus.HEALTH_STATUS_PASSING);
            assertThat(request.getOutput()).isEqualTo("fine");
            assertThat(request.hasOperation()).isTrue();
            CommandRun wrong = CommandRun.against(member.endpoint())
                    .run("service", "check", "pay", "h1", "1", "disk", "--status", "good");
            assertThat(wrong.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(wrong.err()).contains("--status: \"good\" (expected: passing, warning or critical)");
        }
    }

    @Test
    void deregisterSaysNoWhereThereIsNone() throws IOException {
        try (ScriptedMember member =
                ScriptedMember.answering(unary(DiscoveryGrpc.getDeregisterMethod(), q -> DeregisterResponse.newBuilder()
                        .setHeader(HEADER)
                        .setFound(q.getRef().getId().equals("1"))
                        .build()))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("service", "deregister", "pay", "h1", "1");
            assertThat(run.out()).isEqualTo("deregistered, revision 42\n");
            assertThat(((DeregisterRequest) member.requests().get(0)).getRef().getNode())
                    .isEqualTo("h1");
            assertThat(CommandRun.against(member.endpoint())
                            .run("service", "deregister", "pay", "h1", "2")
                            .exitCode())
                    .isEqualTo(ExitCode.NO);
        }
    }

    @Test
    void drainCanBeTakenBack() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(unary(
                DiscoveryGrpc.getUpdateInstanceMethod(),
                q -> UpdateInstanceResponse.newBuilder().setHeader(HEADER).build()))) {
            CommandRun.against(member.endpoint()).run("service", "drain", "pay", "h1", "1");
            CommandRun.against(member.endpoint()).run("service", "drain", "pay", "h1", "1", "--off");

            assertThat(member.requests())
                    .extracting(request -> ((UpdateInstanceRequest) request).getDraining())
                    .containsExactly(true, false);
        }
    }

    @Test
    void listPrintsCounts() throws IOException {
        ServiceSummary pay = ServiceSummary.newBuilder()
                .setService("pay")
                .setInstances(3)
                .setPassing(2)
                .setCritical(1)
                .setLastChangeRevision(41)
                .build();
        try (ScriptedMember member = ScriptedMember.answering(
                unary(DiscoveryGrpc.getListServicesMethod(), q -> ListServicesResponse.newBuilder()
                        .setHeader(HEADER)
                        .addServices(pay)
                        .build()))) {
            assertThat(CommandRun.against(member.endpoint())
                            .run("service", "list")
                            .out())
                    .contains("SERVICE", "pay", "41");
            assertThat(CommandRun.against(member.endpoint())
                            .run("service", "list", "-o", "json")
                            .out())
                    .contains("{\"service\":\"pay\",\"instances\":3,\"passing\":2");
        }
    }

    @Test
    void registerOfAPersistentInstanceReturnsAtOnce() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(unary(
                DiscoveryGrpc.getRegisterMethod(),
                q -> RegisterResponse.newBuilder().setHeader(HEADER).build()))) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run(
                            "service",
                            "register",
                            "pay",
                            "10.0.0.7:8080",
                            "--node",
                            "h1",
                            "--port",
                            "admin=9",
                            "--tag",
                            "blue",
                            "--check",
                            "disk");

            assertThat(run.out()).isEqualTo("registered pay h1 8080\n");
            Instance instance = ((RegisterRequest) member.requests().get(0)).getInstance();
            assertThat(instance.getAddress()).isEqualTo("10.0.0.7");
            assertThat(instance.getPortsList()).extracting(Port::getNumber).containsExactly(8080, 9);
            assertThat(instance.getTtlMs()).isZero();
            assertThat(instance.getChecks(0).hasReported()).isTrue();
            assertThat(CommandRun.against(member.endpoint())
                            .run("service", "register", "pay", "10.0.0.7")
                            .err())
                    .contains("ADDRESS:PORT: \"10.0.0.7\"");
        }
    }

    @Test
    void watchPrintsInstancesAndEndsAtItsLimit() throws IOException {
        List<WatchServicesResponse> script = List.of(
                WatchServicesResponse.newBuilder()
                        .setRevision(40)
                        .addInstances(instance("1", HealthStatus.HEALTH_STATUS_PASSING))
                        .addServices(ServiceSummary.newBuilder().setService("pay"))
                        .build(),
                WatchServicesResponse.newBuilder()
                        .setRevision(41)
                        .setComplete(true)
                        .build());
        try (ScriptedMember member = ScriptedMember.answering(stream(DiscoveryGrpc.getWatchServicesMethod(), script))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("service", "watch", "pay", "--limit", "1");

            assertThat(run.out()).isEqualTo("+ pay/h1/1 at 10.0.0.7  passing\n");
            assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        }
    }
}
