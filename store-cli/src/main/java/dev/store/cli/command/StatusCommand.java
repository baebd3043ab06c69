package dev.store.cli.command;

import dev.store.api.error.StoreException;
import dev.store.api.v1.Member;
import dev.store.api.v1.MembersRequest;
import dev.store.api.v1.StatusRequest;
import dev.store.api.v1.StatusResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Endpoint;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        header = "Show how each member is.",
        description = {
            "Asks each endpoint by itself. Exit code 3 if none of them answers, or if none of them knows a leader."
        },
        footer = {
            "",
            "Examples:",
            "  store status                              the endpoints given, or the default ones",
            "  store status --cluster                    every member that the cluster knows",
            "  store status -o json | jq '.members[].role'"
        })
final class StatusCommand extends ClusterCommand {
    private static final long EACH_MILLIS_MAX = 2_000;

    @Option(names = "--cluster", order = 1, description = "Ask every member that the cluster knows.")
    boolean wholeCluster;

    StatusCommand(Context context) {
        super(context);
    }

    /** What one endpoint said: one of status and error is there. */
    private record Report(
            Endpoint endpoint,
            @Nullable StatusResponse status,
            @Nullable StoreException error) {}

    @Override
    int run(Calls calls) throws IOException {
        List<Report> reports = new ArrayList<>();
        for (Endpoint endpoint : endpoints(calls)) {
            reports.add(ask(endpoint, Math.min(cluster.timeoutMillis(), EACH_MILLIS_MAX)));
        }
        boolean led = false;
        for (Report report : reports) {
            led |= report.status != null && !report.status.getLeader().isEmpty();
        }
        if (json()) {
            printJson(reports);
        } else {
            printTable(reports);
        }
        return led ? ExitCode.OK : ExitCode.UNAVAILABLE;
    }

    private List<Endpoint> endpoints(Calls calls) {
        if (!wholeCluster) {
            return cluster.endpoints(context.environment());
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (Member member : calls.unary(Methods.members(), MembersRequest.getDefaultInstance())
                .getMembersList()) {
            endpoints.add(Endpoint.parse(member.getClientEndpoint()));
        }
        return endpoints;
    }

    private static Report ask(Endpoint endpoint, long timeoutMillis) {
        try (Calls calls = new Calls(List.of(endpoint), timeoutMillis)) {
            return new Report(endpoint, calls.unary(Methods.status(), StatusRequest.getDefaultInstance()), null);
        } catch (StoreException e) {
            return new Report(endpoint, null, e);
        }
    }

    private void printTable(List<Report> reports) throws IOException {
        Table table = new Table(
                9, "ENDPOINT", "NAME", "ROLE", "LEADER", "REVISION", "APPLIED", "SIZE", "UP", "VERSION", "NOTE");
        for (Report report : reports) {
            StatusResponse status = report.status;
            if (status == null) {
                table.row(report.endpoint.toString(), "-", "-", "-", "-", "-", "-", "-", "-", why(report));
                continue;
            }
            table.row(
                    report.endpoint.toString(),
                    status.getName(),
                    Roles.name(status.getRole()),
                    status.getLeader().isEmpty() ? "none" : status.getLeader(),
                    Long.toString(status.getHeader().getRevision()),
                    status.getLog().getAppliedIndex() + "/" + status.getLog().getCommittedIndex(),
                    Text.bytes(status.getStorage().getDbSizeBytes()),
                    Text.duration(status.getUptimeSeconds() * 1000),
                    status.getVersion(),
                    String.join("; ", status.getProblemsList()));
        }
        context.print(table.render(context.terminal().out() ? context.terminal().columns() : 0, true));
    }

    /** The error without the endpoint, which has a column of its own. */
    private static String why(Report report) {
        String message = report.error == null ? "" : String.valueOf(report.error.getMessage());
        String endpoint = report.endpoint + ": ";
        int at = message.lastIndexOf(endpoint);
        return at < 0 ? message : message.substring(at + endpoint.length());
    }

    private void printJson(List<Report> reports) throws IOException {
        Json document = new Json().object().array("members");
        for (Report report : reports) {
            document.object().field("endpoint", report.endpoint.toString()).field("reachable", report.status != null);
            if (report.status != null) {
                fields(document, report.status);
            } else {
                document.field("error", why(report));
            }
            document.endObject();
        }
        context.println(document.endArray().endObject().take());
    }

    private static void fields(Json document, StatusResponse status) {
        document.field("name", status.getName())
                .field("role", Roles.name(status.getRole()))
                .field("leader", status.getLeader())
                .field("revision", status.getHeader().getRevision())
                .field("raft_term", status.getHeader().getRaftTerm())
                .id("cluster_id", status.getHeader().getClusterId())
                .id("member_id", status.getHeader().getMemberId())
                .field("group_id", status.getGroupId())
                .field("version", status.getVersion())
                .field("uptime_seconds", status.getUptimeSeconds())
                .field("watches", status.getWatches())
                .field("leases", status.getLeases());
        document.object("log")
                .field("committed_index", status.getLog().getCommittedIndex())
                .field("applied_index", status.getLog().getAppliedIndex())
                .field("first_index", status.getLog().getFirstIndex())
                .field("last_index", status.getLog().getLastIndex())
                .field("log_bytes", status.getLog().getLogBytes())
                .field("snapshot_index", status.getLog().getSnapshotIndex())
                .field("snapshot_bytes", status.getLog().getSnapshotBytes())
                .field("snapshot_at_ms", status.getLog().getSnapshotAtMs())
                .endObject();
        document.object("storage")
                .field("db_size_bytes", status.getStorage().getDbSizeBytes())
                .field("live_bytes", status.getStorage().getLiveBytes())
                .field("estimated_keys", status.getStorage().getEstimatedKeys())
                .field("compact_revision", status.getStorage().getCompactRevision())
                .field("physically_compacted_revision", status.getStorage().getPhysicallyCompactedRevision())
                .id("state_hash", status.getStorage().getStateHash())
                .endObject();
        document.array("problems");
        status.getProblemsList().forEach(document::element);
        document.endArray();
    }
}
