package dev.store.cli.command;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Delete;
import dev.store.api.v1.DeleteRequest;
import dev.store.api.v1.DeleteResponse;
import dev.store.api.v1.DeleteResult;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeyValue;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Table;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "del",
        aliases = "delete",
        header = "Delete keys.",
        description = {
            "Deletes KEY, the keys from KEY up to END (not included), or as the flags say, all at one revision.",
            "Deleting nothing is no error."
        },
        footer = {
            "",
            "Examples:",
            "  store del greeting",
            "  store del config/old/ --prefix --prev     and print what was deleted",
            "  store del a c                             keys from a up to, not including, c",
            "  store del --all                           every key of the namespace"
        })
final class DelCommand extends ClusterCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "KEY", description = "The key, or the first key.")
    @Nullable
    String key;

    @Parameters(index = "1", arity = "0..1", paramLabel = "END", description = "First key no longer meant.")
    @Nullable
    String end;

    @Mixin
    final KeyFlags keys = new KeyFlags();

    @Option(names = "--all", order = 3, description = "Every key of the namespace.")
    boolean all;

    @Option(names = "--prev", order = 4, description = "Also print the entries that were deleted.")
    boolean previous;

    @Option(
            names = "--require-lock",
            paramLabel = "NAME:TOKEN",
            order = 5,
            description = "Only while this lock is held under this token (exit code 5 if not).")
    List<String> requiredLocks = new ArrayList<>();

    DelCommand(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        DeleteRequest request = DeleteRequest.newBuilder()
                .setNamespace(namespace())
                .setOperation(OperationIds.next())
                .setDelete(Delete.newBuilder()
                        .setKeys(selector())
                        .setReturnPrevious(previous)
                        .addAllRequiredLocks(RequiredLocks.parse(requiredLocks)))
                .build();
        DeleteResponse response = calls.unary(Methods.delete(), request);
        DeleteResult result = response.getResult();
        long revision = response.getHeader().getRevision();
        if (json()) {
            Json document = new Json();
            document.object().field("revision", revision).field("deleted", result.getDeleted());
            if (previous) {
                document.array("previous");
                for (KeyValue entry : result.getPreviousList()) {
                    document.object();
                    Entries.fields(document, entry, true);
                    document.endObject();
                }
                document.endArray();
            }
            context.println(document.endObject().take());
            return ExitCode.OK;
        }
        context.println("deleted " + Text.count(result.getDeleted(), "key", "keys") + ", revision " + revision);
        if (!result.getPreviousList().isEmpty()) {
            Table table = Entries.table(true, false);
            for (KeyValue entry : result.getPreviousList()) {
                Entries.row(table, entry, true, false);
            }
            context.print(
                    table.render(context.terminal().out() ? context.terminal().columns() : 0, true));
        }
        return ExitCode.OK;
    }

    private KeySelector selector() {
        if (all) {
            if (key != null || keys.many(end)) {
                throw new IllegalArgumentException("--all: given with other keys (expected: alone)");
            }
            return KeySelector.newBuilder().setPrefix(ByteString.EMPTY).build();
        }
        if (key == null) {
            throw new IllegalArgumentException("KEY: missing (expected: a key, or --all for every key)");
        }
        // An unset variable in a script must not empty the namespace.
        if (key.isEmpty()) {
            throw new IllegalArgumentException("KEY: \"\" (expected: a key, or --all for every key)");
        }
        return keys.selector(key, end);
    }

    @Override
    public boolean flag(String option) {
        switch (option) {
            case "--all" -> all = true;
            case "--prev" -> previous = true;
            default -> {
                return keys.flag(option);
            }
        }
        return true;
    }

    @Override
    public boolean parameter(int index, String text) {
        switch (index) {
            case 0 -> key = text;
            case 1 -> end = text;
            default -> {
                return false;
            }
        }
        return true;
    }
}
