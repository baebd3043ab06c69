package dev.store.cli.command;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "put",
        header = "Store a value under a key.",
        description = {
            "The value is the argument VALUE, the content of a file, or standard input (-). Prints the revision at",
            "which it took effect. A value that starts with a dash goes after --."
        },
        footer = {
            "",
            "Examples:",
            "  store put greeting hello",
            "  store put config/app --file app.json",
            "  echo hello | store put greeting -",
            "  store put service/a 10.0.0.1 --lease 1234",
            "  store put greeting -- -5",
            "  store put queue/ job --sequential         keys that sort as they were put",
            "  store put total 7 --require-lock \"$STORE_LOCK_NAME:$STORE_LOCK_TOKEN\""
        })
final class PutCommand extends ClusterCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    String key = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "The value; - reads standard input.")
    @Nullable
    String value;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            order = 1,
            description = "Take the value from a file; - is standard input.")
    @Nullable
    String file;

    @Option(
            names = "--lease",
            paramLabel = "ID",
            order = 2,
            description = "Attach the key to a lease: it is deleted when the lease ends.")
    long lease;

    @Option(names = "--prev", order = 3, description = "Also print the entry as it was before.")
    boolean previous;

    @Option(names = "--keep-value", order = 4, description = "Keep the present value and change only the lease.")
    boolean keepValue;

    @Option(names = "--keep-lease", order = 5, description = "Keep the present lease and change only the value.")
    boolean keepLease;

    @Option(
            names = "--sequential",
            order = 6,
            description = "Append the revision to the key, as 8 bytes, and print the whole key.")
    boolean sequential;

    @Option(
            names = "--require-lock",
            paramLabel = "NAME:TOKEN",
            order = 7,
            description = "Only while this lock is held under this token (exit code 5 if not).")
    List<String> requiredLocks = new ArrayList<>();

    PutCommand(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        PutRequest request = PutRequest.newBuilder()
                .setNamespace(namespace())
                .setOperation(OperationIds.next())
                .setPut(Put.newBuilder()
                        .setKey(Input.bytes(key))
                        .setValue(bytes())
                        .setLeaseId(lease)
                        .setReturnPrevious(previous)
                        .setKeepValue(keepValue)
                        .setKeepLease(keepLease)
                        .setAppendRevision(sequential)
                        .addAllRequiredLocks(RequiredLocks.parse(requiredLocks)))
                .build();
        PutResponse response = calls.unary(Methods.put(), request);
        long revision = response.getHeader().getRevision();
        if (json()) {
            Json document = new Json();
            document.object().field("revision", revision);
            if (sequential) {
                document.bytes("key", response.getResult().getKey());
            }
            if (response.getResult().hasPrevious()) {
                Entries.object(document, "previous", response.getResult().getPrevious());
            }
            context.println(document.endObject().take());
            return ExitCode.OK;
        }
        context.println("revision " + revision);
        if (sequential) {
            context.println("key " + Text.line(response.getResult().getKey()));
        }
        if (previous) {
            if (response.getResult().hasPrevious()) {
                context.println("before:");
                context.print(Entries.sheet(response.getResult().getPrevious()));
            } else {
                context.println("before: did not exist");
            }
        }
        return ExitCode.OK;
    }

    private ByteString bytes() throws IOException {
        int sources = (value == null ? 0 : 1) + (file == null ? 0 : 1) + (keepValue ? 1 : 0);
        if (sources != 1) {
            throw new IllegalArgumentException("value: given " + sources
                    + " times (expected: exactly one of VALUE, -, --file FILE and --keep-value)");
        }
        if (keepValue) {
            return ByteString.EMPTY;
        }
        if (file != null) {
            return Input.file(context, file, Limits.VALUE_BYTES);
        }
        return "-".equals(value)
                ? Input.standardInput(context, Limits.VALUE_BYTES)
                : Input.bytes(String.valueOf(value));
    }

    @Override
    public boolean flag(String option) {
        switch (option) {
            case "--prev" -> previous = true;
            case "--keep-value" -> keepValue = true;
            case "--keep-lease" -> keepLease = true;
            case "--sequential" -> sequential = true;
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean value(String option, String text) {
        switch (option) {
            case "-f", "--file" -> file = text;
            case "--lease" -> {
                if (!FastNumbers.isLong(text)) {
                    return false;
                }
                lease = Long.parseLong(text);
            }
            default -> {
                return super.value(option, text);
            }
        }
        return true;
    }

    @Override
    public boolean parameter(int index, String text) {
        switch (index) {
            case 0 -> key = text;
            case 1 -> value = text;
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean complete() {
        return !key.isEmpty();
    }
}
