package dev.store.cli.command;

import dev.store.api.v1.ConfigDiffRequest;
import dev.store.api.v1.ConfigDiffResponse;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGetRequest;
import dev.store.api.v1.ConfigGetResponse;
import dev.store.api.v1.ConfigHistoryRequest;
import dev.store.api.v1.ConfigHistoryResponse;
import dev.store.api.v1.ConfigListRequest;
import dev.store.api.v1.ConfigListResponse;
import dev.store.api.v1.ConfigMatch;
import dev.store.api.v1.ConfigSearchRequest;
import dev.store.api.v1.ConfigSearchResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.ConfigMethods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store config …}: what only reads. */
final class ConfigReads {
    private ConfigReads() {}

    @Command(
            name = "get",
            header = "Print the content of an entry.",
            footer = {
                "",
                "Examples:",
                "  store config get pay/limits.yaml",
                "  store config get pay/limits.yaml --version 3",
                "  store config get pay/app.yaml --resolve            placeholders replaced",
                "  store config get pay/app.yaml --as i-1 --as-label zone=b"
            })
    static final class Get extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ENTRY", description = "GROUP/NAME.")
        String entry = "";

        @Option(names = "--version", paramLabel = "N", order = 1, description = "This version. Default: the newest.")
        long version;

        @Option(names = "--resolve", order = 2, description = "Replace placeholders as in $${group/name:key}.")
        boolean resolve;

        @Option(names = "--tree", order = 3, description = "Print structured content as JSON.")
        boolean tree;

        @Mixin
        final ConfigIdentity identity = new ConfigIdentity();

        @Mixin
        final ReadFlags read = new ReadFlags();

        Get(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigGetRequest.Builder request = ConfigGetRequest.newBuilder()
                    .setNamespace(namespace())
                    .setRead(read.options())
                    .setKey(ConfigText.key(entry))
                    .setVersion(version)
                    .setResolve(resolve)
                    .setWithJson(tree);
            if (identity.given()) {
                request.setSeenBy(identity.instance());
            }
            ConfigGetResponse response = calls.unary(ConfigMethods.get(), request.build());
            if (json()) {
                Json json = new Json()
                        .object()
                        .field("header_revision", response.getHeader().getRevision())
                        .field("newest_version", response.getNewestVersion())
                        .field("gray_version", response.getGrayVersion());
                context.println(ConfigText.fields(json, response.getEntry(), true)
                        .endObject()
                        .take());
                return ExitCode.OK;
            }
            if (tree && response.getEntry().getJson().isEmpty()) {
                throw new IllegalArgumentException("--tree: content of type "
                        + ConfigText.type(response.getEntry().getType())
                        + " (expected: json, yaml of one document, toml or properties)");
            }
            var content =
                    tree ? response.getEntry().getJson() : response.getEntry().getContent();
            if (!context.terminal().out()) {
                content.writeTo(context.out());
                return ExitCode.OK;
            }
            String text = ConfigText.safe(context, content.toStringUtf8());
            context.print(text.endsWith("\n") ? text : text + "\n");
            return ExitCode.OK;
        }
    }

    @Command(
            name = "list",
            header = "List entries.",
            footer = {
                "",
                "Examples:",
                "  store config list",
                "  store config list pay --prefix limits --label team=core"
            })
    static final class ListAll extends ClusterCommand {
        @Parameters(index = "0", arity = "0..1", paramLabel = "GROUP", description = "Only this group.")
        @Nullable
        String group;

        @Option(names = "--prefix", paramLabel = "TEXT", order = 1, description = "Only names that start like this.")
        String prefix = "";

        @Option(
                names = {"-l", "--label"},
                paramLabel = "NAME=VALUE",
                order = 2,
                description = "Only with this label; may be repeated.")
        Map<String, String> labels = new LinkedHashMap<>();

        @Option(names = "--deleted", order = 3, description = "Also deleted entries.")
        boolean deleted;

        @Mixin
        final ReadFlags read = new ReadFlags();

        ListAll(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigListRequest.Builder request = ConfigListRequest.newBuilder()
                    .setNamespace(namespace())
                    .setRead(read.options())
                    .setGroup(group == null ? "" : group)
                    .setNamePrefix(prefix)
                    .putAllLabels(labels)
                    .setDeleted(deleted);
            Table table = new Table(5, "ENTRY", "TYPE", "VERSION", "SIZE", "PUBLISHED", "DESCRIPTION", "LABELS");
            Json json = new Json().object().array("entries");
            boolean more = true;
            while (more) {
                ConfigListResponse page = calls.unary(ConfigMethods.list(), request.build());
                for (ConfigEntry entry : page.getEntriesList()) {
                    ConfigText.fields(json.object(), entry, false).endObject();
                    table.row(
                            ConfigText.name(entry.getKey()),
                            entry.getDeleted() ? "deleted" : ConfigText.type(entry.getType()),
                            String.valueOf(entry.getVersion()),
                            Text.bytes(entry.getSizeBytes()),
                            ConfigText.when(entry.getPublishedAtMs()),
                            ConfigText.safe(context, entry.getDescription().replace('\n', ' ')),
                            ConfigText.labels(entry.getLabelsMap()));
                    request.setAfter(entry.getKey());
                }
                more = page.getMore();
            }
            return print(this, table, json, "no entries");
        }
    }

    @Command(
            name = "search",
            header = "Search the newest contents.",
            footer = {
                "",
                "Examples:",
                "  store config search password",
                "  store config search --regex 'timeout: *[0-9]+' --group pay"
            })
    static final class Search extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "PATTERN", description = "A text, or with --regex an expression of RE2.")
        String pattern = "";

        @Option(
                names = {"-e", "--regex"},
                order = 1,
                description = "PATTERN is an expression.")
        boolean regex;

        @Option(
                names = {"-i", "--ignore-case"},
                order = 2,
                description = "Letters match in either case.")
        boolean ignoreCase;

        @Option(names = "--group", paramLabel = "GROUP", order = 3, description = "Only this group.")
        String group = "";

        @Mixin
        final ReadFlags read = new ReadFlags();

        Search(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigSearchRequest.Builder request = ConfigSearchRequest.newBuilder()
                    .setNamespace(namespace())
                    .setRead(read.options())
                    .setGroup(group)
                    .setPattern(pattern)
                    .setRegex(regex)
                    .setIgnoreCase(ignoreCase);
            Table table = new Table(2, "ENTRY", "LINE", "TEXT");
            Json json = new Json().object().array("matches");
            boolean more = true;
            while (more) {
                ConfigSearchResponse page = calls.unary(ConfigMethods.search(), request.build());
                for (ConfigMatch match : page.getMatchesList()) {
                    json.object()
                            .field("group", match.getKey().getGroup())
                            .field("name", match.getKey().getName())
                            .field("version", match.getVersion())
                            .field("line", match.getLine())
                            .field("text", match.getText())
                            .endObject();
                    table.row(
                            ConfigText.name(match.getKey()),
                            String.valueOf(match.getLine()),
                            ConfigText.safe(context, match.getText()));
                }
                request.setAfter(page.getLast());
                more = page.getMore();
            }
            int code = print(this, table, json, "nothing found");
            return table.isEmpty() ? ExitCode.NO : code;
        }
    }

    @Command(name = "history", header = "List the versions of an entry, the newest first.")
    static final class History extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ENTRY", description = "GROUP/NAME.")
        String entry = "";

        @Option(names = "--limit", paramLabel = "N", order = 1, description = "Most versions, 1 to 1000. Default: 100.")
        int limit;

        @Option(names = "--before", paramLabel = "VERSION", order = 2, description = "Only versions below this one.")
        long before;

        @Mixin
        final ReadFlags read = new ReadFlags();

        History(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigHistoryResponse response = calls.unary(
                    ConfigMethods.history(),
                    ConfigHistoryRequest.newBuilder()
                            .setNamespace(namespace())
                            .setRead(read.options())
                            .setKey(ConfigText.key(entry))
                            .setLimit(limit)
                            .setBeforeVersion(before)
                            .build());
            Table table = new Table(6, "VERSION", "WHEN", "WHO", "FROM", "HOW", "SIZE", "WHY");
            Json json = new Json()
                    .object()
                    .field("newest_version", response.getNewestVersion())
                    .field("more", response.getMore())
                    .array("versions");
            for (ConfigEntry version : response.getVersionsList()) {
                ConfigText.fields(json.object(), version, false).endObject();
                boolean newest = version.getVersion() == response.getNewestVersion();
                table.row(
                        version.getVersion() + (newest ? " *" : ""),
                        ConfigText.when(version.getPublishedAtMs()),
                        ConfigText.safe(context, ConfigText.who(version)),
                        version.getFromAddress(),
                        ConfigText.cause(version),
                        Text.bytes(version.getSizeBytes()),
                        ConfigText.safe(context, version.getComment().replace('\n', ' ')));
            }
            return print(this, table, json, "no versions");
        }
    }

    @Command(
            name = "diff",
            header = "Compare two versions of an entry.",
            footer = {
                "",
                "Examples:",
                "  store config diff pay/limits.yaml           the newest with the one before",
                "  store config diff pay/limits.yaml 3         3 with the newest",
                "  store config diff pay/limits.yaml 3 5"
            })
    static final class Diff extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "ENTRY", description = "GROUP/NAME.")
        String entry = "";

        @Parameters(index = "1", arity = "0..1", paramLabel = "FROM", description = "The older version.")
        long from;

        @Parameters(
                index = "2",
                arity = "0..1",
                paramLabel = "TO",
                description = "The newer version. Default: the newest.")
        long to;

        @Option(
                names = {"-U", "--unified"},
                paramLabel = "N",
                order = 1,
                defaultValue = "3",
                description = "Lines around each change. Default: ${DEFAULT-VALUE}.")
        int lines = 3;

        @Mixin
        final ReadFlags read = new ReadFlags();

        Diff(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigDiffResponse response = calls.unary(
                    ConfigMethods.diff(),
                    ConfigDiffRequest.newBuilder()
                            .setNamespace(namespace())
                            .setRead(read.options())
                            .setKey(ConfigText.key(entry))
                            .setFromVersion(from)
                            .setToVersion(to)
                            .setContext(lines)
                            .build());
            if (json()) {
                context.println(new Json()
                        .object()
                        .field("from_version", response.getFromVersion())
                        .field("to_version", response.getToVersion())
                        .field("added_lines", response.getAddedLines())
                        .field("removed_lines", response.getRemovedLines())
                        .field("diff", response.getUnified())
                        .endObject()
                        .take());
            } else {
                ConfigText.printDiff(context, response.getUnified());
            }
            return ExitCode.OK;
        }
    }

    /** Prints what was gathered, as a table or as JSON. */
    static int print(ClusterCommand command, Table table, Json json, String ifNone) throws IOException {
        Context context = command.context;
        if (command.json()) {
            context.println(json.endArray().endObject().take());
        } else if (table.isEmpty()) {
            context.err().println("store: " + ifNone);
        } else {
            context.print(
                    table.render(context.terminal().out() ? context.terminal().columns() : 0, true));
        }
        return ExitCode.OK;
    }
}
