package dev.store.cli.command;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigEndGrayRequest;
import dev.store.api.v1.ConfigGray;
import dev.store.api.v1.ConfigGrayResponse;
import dev.store.api.v1.ConfigGrayRule;
import dev.store.api.v1.ConfigListGraysRequest;
import dev.store.api.v1.ConfigReceipt;
import dev.store.api.v1.ConfigReceiptsRequest;
import dev.store.api.v1.ConfigReceiptsResponse;
import dev.store.api.v1.ConfigStartGrayRequest;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.ConfigMethods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store config gray …}: a new version for a few first; and who runs what. */
final class ConfigGrayCommands {
    private static final long POLL_MILLIS = 200;

    private ConfigGrayCommands() {}

    @Command(
            name = "gray",
            header = "Release a version to some instances first, then promote or abort it.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Examples:",
                "  store config gray start pay/limits.yaml -f new.yaml --percent 10",
                "  store config gray rule pay/limits.yaml --percent 50",
                "  store config receipts pay/limits.yaml",
                "  store config gray promote pay/limits.yaml --wait 1m",
                "  store config gray abort pay/limits.yaml"
            })
    static final class Group extends GroupCommand {
        Group(Context context) {
            super(context);
        }
    }

    /** Whom a gray release chooses. */
    static final class RuleOptions {
        @Option(
                names = "--percent",
                paramLabel = "N",
                order = 10,
                description = "This share of the instances, 1 to 100; a greater share holds the smaller one.")
        int percent;

        @Option(
                names = "--instance",
                paramLabel = "ID",
                order = 11,
                description = "An instance; may be repeated, one of them must match.")
        List<String> instances = new ArrayList<>();

        @Option(
                names = "--for-label",
                paramLabel = "NAME=VALUE",
                order = 12,
                description = "Instances with this label; may be repeated, all must match.")
        Map<String, String> labels = new LinkedHashMap<>();

        @Option(
                names = "--cidr",
                paramLabel = "RANGE",
                order = 13,
                description = "Instances in this range of addresses, such as 10.1.0.0/16; may be repeated.")
        List<String> cidrs = new ArrayList<>();

        ConfigGrayRule rule() {
            ConfigGrayRule rule = ConfigGrayRule.newBuilder()
                    .setPercent(percent)
                    .addAllInstances(instances)
                    .putAllLabels(labels)
                    .addAllCidrs(cidrs)
                    .build();
            if (rule.equals(ConfigGrayRule.getDefaultInstance())) {
                throw new IllegalArgumentException(
                        "rule: none (expected: --percent, --instance, --for-label or --cidr)");
            }
            return rule;
        }
    }

    @Command(
            name = "start",
            header = "Release a content to the instances that a rule chooses.",
            description = "What is said of the rule must hold all together. Replaces a gray release under way.",
            footer = {
                "",
                "Examples:",
                "  store config gray start pay/motd 'hello' --instance i-1 --instance i-2",
                "  store config gray start pay/limits.yaml -f new.yaml --for-label zone=b --percent 10"
            })
    static final class Start extends ClusterCommand {
        @Mixin
        final ConfigContent target = new ConfigContent();

        @Mixin
        final ConfigDraftOptions options = new ConfigDraftOptions();

        @Mixin
        final RuleOptions rule = new RuleOptions();

        @Mixin
        final ConfigWords words = new ConfigWords();

        Start(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigGrayResponse response = calls.unary(
                    ConfigMethods.startGray(),
                    begin(this, rule, words)
                            .setDraft(options.draft(context, target.entry, target.content))
                            .build());
            return print(this, target.entry, response, "gray");
        }
    }

    @Command(name = "rule", header = "Choose other instances for the gray release under way.")
    static final class Rule extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ENTRY", description = "GROUP/NAME.")
        String entry = "";

        @Mixin
        final RuleOptions rule = new RuleOptions();

        @Mixin
        final ConfigWords words = new ConfigWords();

        Rule(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigGrayResponse response = calls.unary(
                    ConfigMethods.startGray(),
                    begin(this, rule, words).setKey(ConfigText.key(entry)).build());
            return print(this, entry, response, "gray");
        }
    }

    @Command(
            name = "promote",
            header = "Make the gray version the newest one, for all.",
            description = {
                "With --wait: only once all instances that the rule chooses run it; and the command ends only when all",
                "subscribers run it (exit code 3 if that takes longer)."
            })
    static final class Promote extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ENTRY", description = "GROUP/NAME.")
        String entry = "";

        @Option(names = "--wait", paramLabel = "TIME", order = 1, description = "Wait for receipts, as in 1m.")
        @Nullable
        String wait;

        @Mixin
        final ConfigWords words = new ConfigWords();

        Promote(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            long millis = wait == null ? 0 : Durations.parseMillis("--wait", wait);
            if (millis > 0) {
                awaitReceipts(this, calls, entry, millis, "nothing was promoted");
            }
            ConfigGrayResponse response = calls.unary(ConfigMethods.promoteGray(), end(this, entry, words));
            if (millis > 0) {
                awaitReceipts(this, calls, entry, millis, "it was promoted");
            }
            return print(this, entry, response, "promoted");
        }
    }

    @Command(name = "abort", header = "End the gray release; all instances see the newest version again.")
    static final class Abort extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ENTRY", description = "GROUP/NAME.")
        String entry = "";

        @Mixin
        final ConfigWords words = new ConfigWords();

        Abort(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            return print(this, entry, calls.unary(ConfigMethods.abortGray(), end(this, entry, words)), "aborted");
        }
    }

    private static ConfigStartGrayRequest.Builder begin(ClusterCommand command, RuleOptions rule, ConfigWords words) {
        return ConfigStartGrayRequest.newBuilder()
                .setNamespace(command.namespace())
                .setOperation(OperationIds.next())
                .setRule(rule.rule())
                .setAuthor(words.author(command.context))
                .setComment(words.comment);
    }

    private static ConfigEndGrayRequest end(ClusterCommand command, String entry, ConfigWords words) {
        return ConfigEndGrayRequest.newBuilder()
                .setNamespace(command.namespace())
                .setOperation(OperationIds.next())
                .setKey(ConfigText.key(entry))
                .setAuthor(words.author(command.context))
                .setComment(words.comment)
                .build();
    }

    private static int print(ClusterCommand command, String entry, ConfigGrayResponse response, String what)
            throws IOException {
        long revision = response.getHeader().getRevision();
        command.context.println(
                command.json()
                        ? new Json()
                                .object()
                                .field("version", response.getVersion())
                                .field("newest_version", response.getNewestVersion())
                                .field("revision", revision)
                                .endObject()
                                .take()
                        : entry + " " + what + ", version " + response.getVersion() + "; newest "
                                + response.getNewestVersion() + ", revision " + revision);
        return ExitCode.OK;
    }

    @Command(name = "list", header = "List the gray releases under way.")
    static final class ListAll extends ClusterCommand {
        @Parameters(index = "0", arity = "0..1", paramLabel = "GROUP", description = "Only this group.")
        @Nullable
        String group;

        @Mixin
        final ReadFlags read = new ReadFlags();

        ListAll(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            Table table = new Table(3, "ENTRY", "GRAY", "NEWEST", "RULE", "SINCE", "WHO");
            Json json = new Json().object().array("grays");
            for (ConfigGray gray : calls.unary(
                            ConfigMethods.listGrays(),
                            ConfigListGraysRequest.newBuilder()
                                    .setNamespace(namespace())
                                    .setRead(read.options())
                                    .setGroup(group == null ? "" : group)
                                    .build())
                    .getGraysList()) {
                json.object()
                        .field("group", gray.getKey().getGroup())
                        .field("name", gray.getKey().getName())
                        .field("version", gray.getVersion())
                        .field("newest_version", gray.getNewestVersion())
                        .field("rule", rule(gray.getRule()))
                        .field("author", gray.getAuthor())
                        .field("started_at_ms", gray.getStartedAtMs())
                        .endObject();
                table.row(
                        ConfigText.name(gray.getKey()),
                        String.valueOf(gray.getVersion()),
                        String.valueOf(gray.getNewestVersion()),
                        ConfigText.safe(context, rule(gray.getRule())),
                        ConfigText.when(gray.getStartedAtMs()),
                        ConfigText.safe(context, gray.getAuthor()));
            }
            return ConfigReads.print(this, table, json, "no gray releases");
        }

        private static String rule(ConfigGrayRule rule) {
            List<String> parts = new ArrayList<>();
            if (rule.getPercent() > 0) {
                parts.add(rule.getPercent() + " %");
            }
            if (rule.getInstancesCount() > 0) {
                parts.add("instances " + String.join(",", rule.getInstancesList()));
            }
            if (rule.getLabelsCount() > 0) {
                parts.add("labels " + ConfigText.labels(rule.getLabelsMap()));
            }
            if (rule.getCidrsCount() > 0) {
                parts.add("addresses " + String.join(",", rule.getCidrsList()));
            }
            return String.join(" and ", parts);
        }
    }

    @Command(
            name = "receipts",
            header = "Show which subscriber runs which version of an entry.",
            description = "Asks all members. Exit code 1 if a subscriber is behind or a member did not answer.")
    static final class Receipts extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ENTRY", description = "GROUP/NAME.")
        String entry = "";

        Receipts(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigReceiptsResponse response = receipts(this, calls, entry);
            Table table = new Table(6, "INSTANCE", "ADDRESS", "MEMBER", "MEANT", "SENT", "RUNNING", "FAILURE");
            Json json = new Json().object().array("silent_members");
            response.getSilentMembersList().forEach(json::element);
            json.endArray().array("receipts");
            for (ConfigReceipt receipt : response.getReceiptsList()) {
                json.object()
                        .field("instance", receipt.getInstance().getId())
                        .field("address", receipt.getInstance().getAddress())
                        .field("member", receipt.getMember())
                        .field("meant_version", receipt.getMeantVersion())
                        .field("sent_version", receipt.getSentVersion())
                        .field("running_version", receipt.getRunningVersion())
                        .field("acknowledged_at_ms", receipt.getAcknowledgedAtMs())
                        .field("failure", receipt.getFailure())
                        .endObject();
                table.row(
                        ConfigText.safe(context, receipt.getInstance().getId()),
                        receipt.getInstance().getAddress(),
                        receipt.getMember(),
                        String.valueOf(receipt.getMeantVersion()),
                        String.valueOf(receipt.getSentVersion()),
                        String.valueOf(receipt.getRunningVersion()),
                        ConfigText.safe(context, receipt.getFailure()));
            }
            ConfigReads.print(this, table, json, "no subscribers");
            if (response.getSilentMembersCount() > 0 && !json()) {
                context.err().println("store: no answer from " + String.join(", ", response.getSilentMembersList()));
            }
            return behind(response).isEmpty() && response.getSilentMembersCount() == 0 ? ExitCode.OK : ExitCode.NO;
        }
    }

    private static ConfigReceiptsResponse receipts(ClusterCommand command, Calls calls, String entry) {
        return calls.unary(
                ConfigMethods.receipts(),
                ConfigReceiptsRequest.newBuilder()
                        .setNamespace(command.namespace())
                        .setKey(ConfigText.key(entry))
                        .build());
    }

    private static List<String> behind(ConfigReceiptsResponse response) {
        List<String> behind = new ArrayList<>();
        for (ConfigReceipt receipt : response.getReceiptsList()) {
            if (receipt.getMeantVersion() != 0 && receipt.getMeantVersion() != receipt.getRunningVersion()) {
                behind.add(receipt.getInstance().getId());
            }
        }
        return behind;
    }

    private static void awaitReceipts(ClusterCommand command, Calls calls, String entry, long millis, String sofar) {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (true) {
            ConfigReceiptsResponse response = receipts(command, calls, entry);
            List<String> behind = behind(response);
            if (behind.isEmpty() && response.getSilentMembersCount() == 0) {
                return;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new StoreException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        sofar + "; behind: " + behind + ", silent members: " + response.getSilentMembersList()
                                + " (expected: all run what is meant for them within " + millis + " ms)");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.CANCELED, "interrupted");
        }
    }
}
