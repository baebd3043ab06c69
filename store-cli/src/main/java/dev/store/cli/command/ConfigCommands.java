package dev.store.cli.command;

import dev.store.api.v1.ConfigDeleteRequest;
import dev.store.api.v1.ConfigDeleteResponse;
import dev.store.api.v1.ConfigDeletion;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.ConfigRetention;
import dev.store.api.v1.ConfigRollbackRequest;
import dev.store.api.v1.ConfigSetRetentionRequest;
import dev.store.api.v1.ConfigSetRetentionResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.ConfigMethods;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store config …}: what changes entries. */
final class ConfigCommands {
    private ConfigCommands() {}

    /** All of {@code store config}. */
    static CommandLine tree(Context context) {
        return new CommandLine(new Group(context))
                .addSubcommand(new Publish(context))
                .addSubcommand(new ConfigReads.Get(context))
                .addSubcommand(new ConfigReads.ListAll(context))
                .addSubcommand(new ConfigReads.Search(context))
                .addSubcommand(new ConfigReads.History(context))
                .addSubcommand(new ConfigReads.Diff(context))
                .addSubcommand(new Rollback(context))
                .addSubcommand(new Delete(context))
                .addSubcommand(new CommandLine(new ConfigGrayCommands.Group(context))
                        .addSubcommand(new ConfigGrayCommands.Start(context))
                        .addSubcommand(new ConfigGrayCommands.Rule(context))
                        .addSubcommand(new ConfigGrayCommands.Promote(context))
                        .addSubcommand(new ConfigGrayCommands.Abort(context))
                        .addSubcommand(new ConfigGrayCommands.ListAll(context)))
                .addSubcommand(new ConfigGrayCommands.Receipts(context))
                .addSubcommand(new ConfigWatch(context))
                .addSubcommand(new ConfigFolderCommands.Export(context))
                .addSubcommand(new ConfigFolderCommands.Import(context))
                .addSubcommand(new CommandLine(new ConfigSchemaCommands.Group(context))
                        .addSubcommand(new ConfigSchemaCommands.Set(context))
                        .addSubcommand(new ConfigSchemaCommands.Get(context))
                        .addSubcommand(new ConfigSchemaCommands.ListAll(context))
                        .addSubcommand(new ConfigSchemaCommands.Delete(context)))
                .addSubcommand(new Retention(context));
    }

    @Command(
            name = "config",
            header = "Publish, read, compare, roll back and follow configuration.",
            description = "An entry is named GROUP/NAME; each of its versions has a number, from 1.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Examples:",
                "  store config publish pay/limits.yaml -f limits.yaml -m \"raise the limit\"",
                "  store config get pay/limits.yaml",
                "  store config history pay/limits.yaml",
                "  store config diff pay/limits.yaml 3 5",
                "  store config rollback pay/limits.yaml 3",
                "  store config watch pay/limits.yaml"
            })
    static final class Group extends GroupCommand {
        Group(Context context) {
            super(context);
        }
    }

    @Command(
            name = "publish",
            header = "Publish a version of an entry, or of several at once.",
            description = {
                "Content is checked against its type and the schemas that are attached. Several entries become one",
                "release: all at one revision, or none."
            },
            footer = {
                "",
                "Examples:",
                "  store config publish pay/motd 'hello'",
                "  store config publish pay/limits.yaml -f limits.yaml --expect 3 -m \"raise the limit\"",
                "  generate | store config publish pay/rates.json -",
                "  store config publish pay/a -f a.txt --with pay/b=b.txt",
                "  store config publish pay/a -f a.txt --dry-run      shows the diff only"
            })
    static final class Publish extends ClusterCommand {
        @Mixin
        final ConfigContent target = new ConfigContent();

        @Mixin
        final ConfigDraftOptions options = new ConfigDraftOptions();

        @Option(
                names = "--with",
                paramLabel = "ENTRY=FILE",
                order = 6,
                description = "Another entry of the same release; may be repeated.")
        Map<String, String> with = new LinkedHashMap<>();

        @Option(names = "--force", order = 7, description = "Make a version also if nothing changes.")
        boolean force;

        @Option(names = "--dry-run", order = 8, description = "Only check, and show what would change.")
        boolean dryRun;

        @Mixin
        final ConfigWords words = new ConfigWords();

        Publish(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigPublishRequest.Builder request = ConfigPublishRequest.newBuilder()
                    .setNamespace(namespace())
                    .setOperation(OperationIds.next())
                    .addDrafts(options.draft(context, target.entry, target.content))
                    .setAuthor(words.author(context))
                    .setComment(words.comment)
                    .setForce(force)
                    .setDryRun(dryRun);
            for (Map.Entry<String, String> other : with.entrySet()) {
                ConfigDraftOptions more = new ConfigDraftOptions();
                more.file = other.getValue();
                ConfigDraft draft = more.draft(context, other.getKey(), null);
                request.addDrafts(draft);
            }
            ConfigPublishResponse response = calls.unary(ConfigMethods.publish(), request.build());
            ConfigText.printOutcomes(this, response.getHeader().getRevision(), response.getOutcomesList(), dryRun);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "rollback",
            header = "Publish the content of an old version as a new one.",
            footer = {"", "Examples:", "  store config rollback pay/limits.yaml 3 -m \"5 was wrong\""})
    static final class Rollback extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ENTRY", description = "GROUP/NAME.")
        String entry = "";

        @Parameters(index = "1", paramLabel = "VERSION", description = "The version to go back to.")
        long version;

        @Option(
                names = "--expect",
                paramLabel = "VERSION",
                order = 1,
                description = "Only if this is the newest version.")
        @Nullable
        Long expect;

        @Mixin
        final ConfigWords words = new ConfigWords();

        Rollback(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigRollbackRequest.Builder request = ConfigRollbackRequest.newBuilder()
                    .setNamespace(namespace())
                    .setOperation(OperationIds.next())
                    .setKey(ConfigText.key(entry))
                    .setToVersion(version)
                    .setAuthor(words.author(context))
                    .setComment(words.comment);
            if (expect != null) {
                request.setExpectedVersion(expect);
            }
            ConfigPublishResponse response = calls.unary(ConfigMethods.rollback(), request.build());
            ConfigText.printOutcomes(this, response.getHeader().getRevision(), response.getOutcomesList(), false);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "delete",
            header = "Delete entries, all at one revision.",
            description = "Their versions stay readable by number, and an entry published again goes on counting.")
    static final class Delete extends ClusterCommand {
        @Parameters(index = "0..*", arity = "1..*", paramLabel = "ENTRY", description = "GROUP/NAME.")
        List<String> entries = List.of();

        @Option(
                names = "--expect",
                paramLabel = "VERSION",
                order = 1,
                description = "Only if this is the newest version; with one entry.")
        @Nullable
        Long expect;

        @Mixin
        final ConfigWords words = new ConfigWords();

        Delete(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            if (expect != null && entries.size() > 1) {
                throw new IllegalArgumentException("--expect with " + entries.size() + " entries (expected: one)");
            }
            ConfigDeleteRequest.Builder request = ConfigDeleteRequest.newBuilder()
                    .setNamespace(namespace())
                    .setOperation(OperationIds.next())
                    .setAuthor(words.author(context))
                    .setComment(words.comment);
            for (String entry : entries) {
                ConfigDeletion.Builder deletion = ConfigDeletion.newBuilder().setKey(ConfigText.key(entry));
                if (expect != null) {
                    deletion.setExpectedVersion(expect);
                }
                request.addDeletions(deletion);
            }
            ConfigDeleteResponse response = calls.unary(ConfigMethods.delete(), request.build());
            ConfigText.printOutcomes(this, response.getHeader().getRevision(), response.getOutcomesList(), false);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "retention",
            header = "Say how many versions are kept, and how long.",
            description = "For an entry, or for the entries of a group that have no rule of their own.",
            footer = {
                "",
                "Examples:",
                "  store config retention pay --versions 500",
                "  store config retention pay/limits.yaml --age 90d",
                "  store config retention pay --default"
            })
    static final class Retention extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "TARGET", description = "GROUP, or GROUP/NAME.")
        String target = "";

        @Option(
                names = "--versions",
                paramLabel = "N",
                order = 1,
                description = "Most versions, 1 to 10000. Default: 100.")
        int versions;

        @Option(names = "--age", paramLabel = "TIME", order = 2, description = "Longest age, as in 90d. Default: any.")
        @Nullable
        String age;

        @Option(names = "--default", order = 3, description = "Take the rule away.")
        boolean none;

        Retention(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            if (none == (versions != 0 || age != null)) {
                throw new IllegalArgumentException("retention (expected: --versions or --age, or else --default)");
            }
            ConfigTarget named = ConfigTarget.of(target);
            ConfigSetRetentionRequest.Builder request = ConfigSetRetentionRequest.newBuilder()
                    .setNamespace(namespace())
                    .setOperation(OperationIds.next())
                    .setGroup(named.group())
                    .setName(named.name());
            if (!none) {
                request.setRetention(ConfigRetention.newBuilder()
                        .setMaxVersions(versions)
                        .setMaxAgeMs(age == null ? 0 : Durations.parseMillis("--age", age)));
            }
            ConfigSetRetentionResponse response = calls.unary(ConfigMethods.setRetention(), request.build());
            return printChange("retention of " + target + " set", response.getHeader());
        }
    }
}
