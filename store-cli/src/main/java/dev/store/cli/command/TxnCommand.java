package dev.store.cli.command;

import dev.store.api.Limits;
import dev.store.api.v1.Txn;
import dev.store.api.v1.TxnRequest;
import dev.store.api.v1.TxnResponse;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.txn.JsonForm;
import dev.store.cli.txn.TextForm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "txn",
        header = "Change several keys at once, if conditions hold.",
        description = {
            "Reads compares, a blank line, operations for when all compares hold, a blank line, and operations for",
            "when not; or JSON, if the first character is {. Exit code 1 if the compares did not hold.",
            "",
            "Compares:    value(\"k\") = \"v\"    version, create, mod, lease likewise; operators = != < <= > >=",
            "             exists(\"k\")    missing(\"k\")    mod(\"a/\", prefix) < 100    for all keys with a prefix",
            "Operations:  put KEY VALUE [--lease ID] [--prev] [--keep-lease]    put KEY --keep-value",
            "             get KEY [END] [--prefix] [--limit N] [--keys-only] [--count-only]",
            "             del KEY [END] [--prefix] [--prev]",
            "Quote what contains blanks; \"…\" knows \\n \\t \\\" \\\\ \\xNN, '…' nothing. # starts a comment line."
        },
        footer = {
            "",
            "Examples:",
            "  store txn <<'END'",
            "  mod(\"config/app\") = 17",
            "",
            "  put config/app \"new value\"",
            "",
            "  get config/app",
            "  END",
            "  store txn --file change.txt -o json"
        })
final class TxnCommand extends ClusterCommand {
    /** A request in base64 and with escapes is larger than the request itself. */
    private static final int INPUT_BYTES_MAX = 4 * Limits.REQUEST_BYTES;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "INPUT",
            description = "Only - for standard input, the default.")
    @Nullable
    String source;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            order = 1,
            description = "Read the transaction from a file; - is standard input, the default.")
    @Nullable
    String file;

    @Option(
            names = "--require-lock",
            paramLabel = "NAME:TOKEN",
            order = 2,
            description = "Only while this lock is held under this token (exit code 5 if not).")
    List<String> requiredLocks = new ArrayList<>();

    @Mixin
    final ReadFlags read = new ReadFlags();

    TxnCommand(Context context) {
        super(context);
    }

    @Override
    int run(Calls calls) throws IOException {
        if (source != null && !source.equals("-")) {
            throw new IllegalArgumentException("\"" + source + "\" (expected: - for standard input, or --file FILE)");
        }
        Txn txn = parse(
                Input.file(context, file == null ? "-" : file, INPUT_BYTES_MAX).toStringUtf8());
        TxnRequest request = TxnRequest.newBuilder()
                .setNamespace(namespace())
                .setOperation(OperationIds.next())
                .setRead(read.options())
                .setTxn(txn.toBuilder().addAllRequiredLocks(RequiredLocks.parse(requiredLocks)))
                .build();
        TxnResponse response = calls.unary(Methods.txn(), request);
        TxnPrinter printer = new TxnPrinter(context);
        if (json()) {
            printer.json(response);
        } else {
            printer.text(response);
        }
        return response.getResult().getSucceeded() ? ExitCode.OK : ExitCode.NO;
    }

    private static Txn parse(String text) {
        return text.stripLeading().startsWith("{") ? JsonForm.parse(text) : TextForm.parse(text);
    }
}
