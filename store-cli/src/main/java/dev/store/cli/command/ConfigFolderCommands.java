package dev.store.cli.command;

import dev.store.api.Limits;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGetRequest;
import dev.store.api.v1.ConfigListRequest;
import dev.store.api.v1.ConfigListResponse;
import dev.store.api.v1.ConfigOutcome;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.ConfigMethods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store config export} and {@code import}: a namespace as a folder of files. */
final class ConfigFolderCommands {
    /** Less than a request may be, for what is around the contents. */
    private static final int BATCH_BYTES = 1_200_000;

    private ConfigFolderCommands() {}

    @Command(
            name = "export",
            header = "Write entries into a folder: one file each, and a manifest.",
            description = {
                "GROUP/NAME becomes GROUP/NAME.EXT with the extension of its type, unless the name has it already.",
                "manifest.json holds type, labels and description. All of it is the state of one revision."
            },
            footer = {"", "Examples:", "  store config export backup", "  store config export pay-only --group pay"})
    static final class Export extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "FOLDER", description = "New or empty, unless --overwrite.")
        String folder = "";

        @Option(names = "--group", paramLabel = "GROUP", order = 1, description = "Only this group.")
        String group = "";

        @Option(names = "--overwrite", order = 2, description = "Replace files that are there; remove none.")
        boolean overwrite;

        Export(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigFolder target = new ConfigFolder(Path.of(folder));
            target.prepare(overwrite);
            ConfigListRequest.Builder request =
                    ConfigListRequest.newBuilder().setNamespace(namespace()).setGroup(group);
            int count = 0;
            boolean more = true;
            while (more) {
                ConfigListResponse page = calls.unary(ConfigMethods.list(), request.build());
                for (ConfigEntry entry : page.getEntriesList()) {
                    // The listed version, not whichever is newest by now.
                    target.write(calls.unary(
                                    ConfigMethods.get(),
                                    ConfigGetRequest.newBuilder()
                                            .setNamespace(namespace())
                                            .setKey(entry.getKey())
                                            .setVersion(entry.getVersion())
                                            .build())
                            .getEntry());
                    request.setAfter(entry.getKey());
                    count++;
                }
                more = page.getMore();
            }
            target.finish();
            context.println(
                    json()
                            ? new Json()
                                    .object()
                                    .field("folder", folder)
                                    .field("entries", count)
                                    .endObject()
                                    .take()
                            : "exported " + Text.count(count, "entry", "entries") + " to " + folder);
            return ExitCode.OK;
        }
    }

    @Command(
            name = "import",
            header = "Publish the entries of a folder.",
            description = {
                "Up to 64 entries, as far as they fit one request, become one release; of more it is said how many",
                "releases they are: each is all or nothing by itself. Entries that do not differ are left alone, and",
                "none is deleted. Everything is checked before anything is published."
            },
            footer = {
                "",
                "Examples:",
                "  store config import backup --dry-run      shows what would change",
                "  store config import backup -m \"from git\" --author ci"
            })
    static final class Import extends ClusterCommand {
        @Parameters(
                index = "0",
                paramLabel = "FOLDER",
                description = "As export writes it; the manifest may be absent.")
        String folder = "";

        @Option(names = "--dry-run", order = 1, description = "Only check, and show what would change.")
        boolean dryRun;

        @Mixin
        final ConfigWords words = new ConfigWords();

        Import(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            List<List<ConfigDraft>> releases = batches(new ConfigFolder(Path.of(folder)).read());
            if (releases.isEmpty()) {
                throw new IllegalArgumentException(
                        "folder: " + folder + " has no entries (expected: GROUP/NAME files)");
            }
            if (releases.size() > 1) {
                context.err()
                        .println("store: " + releases.size() + " releases, each all or nothing by itself (expected: at"
                                + " most " + Limits.CONFIG_RELEASE_ENTRIES + " entries and " + BATCH_BYTES
                                + " bytes for one)");
            }
            List<ConfigOutcome> outcomes = new ArrayList<>();
            long revision = publish(calls, releases, true, outcomes);
            if (!dryRun) {
                outcomes.clear();
                revision = publish(calls, releases, false, outcomes);
            }
            ConfigText.printOutcomes(this, revision, outcomes, dryRun);
            return ExitCode.OK;
        }

        private long publish(Calls calls, List<List<ConfigDraft>> releases, boolean dry, List<ConfigOutcome> outcomes) {
            long revision = 0;
            for (List<ConfigDraft> drafts : releases) {
                ConfigPublishResponse response = calls.unary(
                        ConfigMethods.publish(),
                        ConfigPublishRequest.newBuilder()
                                .setNamespace(namespace())
                                .setOperation(OperationIds.next())
                                .addAllDrafts(drafts)
                                .setAuthor(words.author(context))
                                .setComment(words.comment)
                                .setDryRun(dry)
                                .build());
                outcomes.addAll(response.getOutcomesList());
                revision = response.getHeader().getRevision();
            }
            return revision;
        }

        private static List<List<ConfigDraft>> batches(List<ConfigDraft> drafts) {
            List<List<ConfigDraft>> batches = new ArrayList<>();
            @Nullable List<ConfigDraft> open = null;
            long bytes = 0;
            for (ConfigDraft draft : drafts) {
                bytes += draft.getSerializedSize();
                if (open == null || open.size() == Limits.CONFIG_RELEASE_ENTRIES || bytes > BATCH_BYTES) {
                    open = new ArrayList<>();
                    batches.add(open);
                    bytes = draft.getSerializedSize();
                }
                open.add(draft);
            }
            return batches;
        }
    }
}
