package dev.store.cli.command;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeySelector;
import dev.store.cli.call.Calls;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "range",
        header = "List keys and their values.",
        description = {
            "Lists the keys from KEY up to END (not included), or as the flags say; without any, every key of the",
            "namespace. All of them as they were at one revision."
        },
        footer = {
            "",
            "Examples:",
            "  store range                               every key",
            "  store range config/ --prefix              all keys that start with config/",
            "  store range a c                           keys from a up to, not including, c",
            "  store range --keys-only --sort-by mod --order descend --limit 10",
            "                                            the ten keys changed last",
            "  store range config/ --prefix --count-only how many there are"
        })
final class RangeCommand extends ClusterCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KEY",
            description = "The first key. Default: the very first.")
    @Nullable
    String key;

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
            description = "Print only the values, each followed by a line end.")
    boolean printValueOnly;

    RangeCommand(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        RangePrinter printer = new RangePrinter(context, json(), range, printValueOnly);
        return new RangeRead(calls, namespace(), read.options(), range).print(selector(), printer);
    }

    private KeySelector selector() {
        if (key == null) {
            return KeySelector.newBuilder().setPrefix(ByteString.EMPTY).build();
        }
        if (!keys.many(end)) {
            keys.fromKey = true;
        }
        return keys.selector(key, end);
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
}
