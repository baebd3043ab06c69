package dev.store.cli.command;

import com.google.protobuf.ByteString;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.KeyValue;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.print.Json;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "get",
        header = "Print the value of a key.",
        description = {
            "Prints the value and a line end; with --prefix, --from-key or END the keys as `store range` does.",
            "Exit code 1 if the key does not exist."
        },
        footer = {
            "",
            "Examples:",
            "  store get greeting                       the value",
            "  store get greeting --long                and what is known about it",
            "  store get greeting --rev 17              as it was at revision 17",
            "  store get photo --print-value-only >f    exactly the bytes, nothing added",
            "  store get config/ --prefix               all keys that start with config/",
            "  store get greeting -o json | jq .entry.value"
        })
final class GetCommand extends ClusterCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "The key, or the first key.")
    String key = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "END", description = "First key no longer meant.")
    @Nullable
    String end;

    @Mixin
    final KeyFlags keys = new KeyFlags();

    @Mixin
    final ReadFlags read = new ReadFlags();

    @Mixin
    final RangeFlags range = new RangeFlags();

    @Option(
            names = "--print-value-only",
            order = 30,
            description = "Print the bytes of the value as they are, without a line end after it.")
    boolean printValueOnly;

    GetCommand(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        if (keys.many(end) || range.needsRange()) {
            RangePrinter printer = new RangePrinter(context, json(), range, printValueOnly);
            return new RangeRead(calls, namespace(), read.options(), range).print(keys.selector(key, end), printer);
        }
        GetRequest request = GetRequest.newBuilder()
                .setNamespace(namespace())
                .setKey(Input.bytes(key))
                .setRead(read.options())
                .setRevision(range.revision)
                .build();
        GetResponse response = calls.unary(Methods.get(), request);
        long revision = response.getHeader().getRevision();
        if (json()) {
            Json document = new Json();
            document.object().field("revision", revision).field("found", response.hasEntry());
            if (response.hasEntry()) {
                Entries.object(document, "entry", response.getEntry());
            }
            context.println(document.endObject().take());
        } else if (!response.hasEntry()) {
            context.err().println("store: key not found: " + key);
        } else {
            print(response.getEntry());
        }
        return response.hasEntry() ? ExitCode.OK : ExitCode.NO;
    }

    private void print(KeyValue entry) throws IOException {
        if (range.detailed) {
            context.print(Entries.sheet(entry));
            return;
        }
        ByteString value = entry.getValue();
        if (printValueOnly) {
            value.writeTo(context.out());
        } else {
            Entries.shown(value, context.terminal().out()).writeTo(context.out());
            context.out().write('\n');
        }
    }

    @Override
    public boolean flag(String option) {
        if (option.equals("--print-value-only")) {
            printValueOnly = true;
            return true;
        }
        return keys.flag(option) || read.flag(option) || range.flag(option);
    }

    @Override
    public boolean value(String option, String value) {
        return super.value(option, value) || read.value(option, value) || range.value(option, value);
    }

    @Override
    public boolean parameter(int index, String value) {
        switch (index) {
            case 0 -> key = value;
            case 1 -> end = value;
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
