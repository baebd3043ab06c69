package dev.store.cli.command;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigDeleteSchemaRequest;
import dev.store.api.v1.ConfigListSchemasRequest;
import dev.store.api.v1.ConfigSchema;
import dev.store.api.v1.ConfigSetSchemaRequest;
import dev.store.api.v1.ConfigSetSchemaResponse;
import dev.store.api.v1.ConfigViolation;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.ConfigMethods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store config schema …}: what contents must look like. */
final class ConfigSchemaCommands {
    private ConfigSchemaCommands() {}

    @Command(
            name = "schema",
            header = "Attach JSON Schemas, which refuse a bad publication.",
            description = "To an entry, or to all entries of a group.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {
                "",
                "Examples:",
                "  store config schema set pay limits.schema.json",
                "  store config schema set pay/limits.yaml - < limits.schema.json",
                "  store config schema get pay",
                "  store config schema delete pay"
            })
    static final class Group extends GroupCommand {
        Group(Context context) {
            super(context);
        }
    }

    @Command(
            name = "set",
            header = "Attach a schema.",
            description = {
                "Draft 2020-12 unless its $$schema says otherwise. Refused if present contents do not satisfy it,",
                "unless forced; --dry-run lists them (exit code 1 if there are any)."
            })
    static final class Set extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "TARGET", description = "GROUP, or GROUP/NAME.")
        String target = "";

        @Parameters(index = "1", paramLabel = "FILE", description = "The schema; - for standard input.")
        String file = "";

        @Option(names = "--force", order = 1, description = "Attach it although present contents violate it.")
        boolean force;

        @Option(names = "--dry-run", order = 2, description = "Only list what violates it.")
        boolean dryRun;

        @Mixin
        final ConfigWords words = new ConfigWords();

        Set(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            ConfigSetSchemaResponse response = calls.unary(
                    ConfigMethods.setSchema(),
                    ConfigSetSchemaRequest.newBuilder()
                            .setNamespace(namespace())
                            .setOperation(OperationIds.next())
                            .setGroup(ConfigTarget.of(target).group())
                            .setName(ConfigTarget.of(target).name())
                            .setSchema(Input.file(context, file, Limits.CONFIG_SCHEMA_BYTES))
                            .setForce(force)
                            .setDryRun(dryRun)
                            .setAuthor(words.author(context))
                            .setComment(words.comment)
                            .build());
            if (dryRun) {
                return violations(response);
            }
            return printChange("schema of " + target + " set", response.getHeader());
        }

        private int violations(ConfigSetSchemaResponse response) throws IOException {
            Table table = new Table(3, "ENTRY", "VERSION", "PATH", "REASON");
            Json json = new Json().object().array("violations");
            for (ConfigViolation violation : response.getViolationsList()) {
                json.object()
                        .field("group", violation.getKey().getGroup())
                        .field("name", violation.getKey().getName())
                        .field("version", violation.getVersion())
                        .field("path", violation.getPath())
                        .field("reason", violation.getReason())
                        .endObject();
                table.row(
                        ConfigText.name(violation.getKey()),
                        String.valueOf(violation.getVersion()),
                        ConfigText.safe(context, violation.getPath()),
                        ConfigText.safe(context, violation.getReason()));
            }
            ConfigReads.print(this, table, json, "no violations");
            return response.getViolationsCount() == 0 ? ExitCode.OK : ExitCode.NO;
        }
    }

    @Command(name = "get", header = "Print a schema.")
    static final class Get extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "TARGET", description = "GROUP, or GROUP/NAME.")
        String target = "";

        Get(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            for (ConfigSchema schema : calls.unary(
                            ConfigMethods.listSchemas(),
                            ConfigListSchemasRequest.newBuilder()
                                    .setNamespace(namespace())
                                    .setGroup(ConfigTarget.of(target).group())
                                    .build())
                    .getSchemasList()) {
                if (schema.getName().equals(ConfigTarget.of(target).name())) {
                    String text = ConfigText.safe(context, schema.getSchema().toStringUtf8());
                    context.print(text.endsWith("\n") ? text : text + "\n");
                    return ExitCode.OK;
                }
            }
            throw new StoreException(
                    ErrorCode.SCHEMA_NOT_FOUND, "schema: " + target + " (expected: an entry or group with a schema)");
        }
    }

    @Command(name = "list", header = "List schemas.")
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
            Table table = new Table(3, "TARGET", "SET", "WHO", "WHY");
            Json json = new Json().object().array("schemas");
            for (ConfigSchema schema : calls.unary(
                            ConfigMethods.listSchemas(),
                            ConfigListSchemasRequest.newBuilder()
                                    .setNamespace(namespace())
                                    .setRead(read.options())
                                    .setGroup(group == null ? "" : group)
                                    .build())
                    .getSchemasList()) {
                json.object()
                        .field("group", schema.getGroup())
                        .field("name", schema.getName())
                        .bytes("schema", schema.getSchema())
                        .field("author", schema.getAuthor())
                        .field("comment", schema.getComment())
                        .field("set_at_ms", schema.getSetAtMs())
                        .endObject();
                table.row(
                        schema.getName().isEmpty() ? schema.getGroup() : schema.getGroup() + "/" + schema.getName(),
                        ConfigText.when(schema.getSetAtMs()),
                        ConfigText.safe(context, schema.getAuthor()),
                        ConfigText.safe(context, schema.getComment().replace('\n', ' ')));
            }
            return ConfigReads.print(this, table, json, "no schemas");
        }
    }

    @Command(name = "delete", header = "Detach a schema.")
    static final class Delete extends ClusterCommand {
        @Parameters(index = "0", paramLabel = "TARGET", description = "GROUP, or GROUP/NAME.")
        String target = "";

        Delete(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            var response = calls.unary(
                    ConfigMethods.deleteSchema(),
                    ConfigDeleteSchemaRequest.newBuilder()
                            .setNamespace(namespace())
                            .setOperation(OperationIds.next())
                            .setGroup(ConfigTarget.of(target).group())
                            .setName(ConfigTarget.of(target).name())
                            .build());
            return printChange("schema of " + target + " deleted", response.getHeader());
        }
    }
}
