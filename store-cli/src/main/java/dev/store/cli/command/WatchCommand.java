package dev.store.cli.command;

import dev.store.api.client.Bytes;
import dev.store.api.client.Keys;
import dev.store.api.client.StoreClient;
import dev.store.api.client.Watch;
import dev.store.api.client.WatchPlan;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.cli.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "watch",
        header = "Print every change of keys as it happens.",
        description = {
            "Prints each change once, in order and without a gap, also when members fail meanwhile, until ^C (exit",
            "code 130). With -o json each event is one document on one line."
        },
        footer = {
            "",
            "Examples:",
            "  store watch greeting",
            "  store watch config/ --prefix --snapshot   the present entries first",
            "  store watch config/ --prefix --rev 1200   changes since revision 1200, then what follows",
            "  store watch config/ --prefix -o json | while read -r event; do …; done",
            "  store watch ready --limit 1               waits for one change"
        })
final class WatchCommand extends StreamCommand {
    @Parameters(index = "0", paramLabel = "KEY", description = "The key, or the first key.")
    String key = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "END", description = "First key no longer meant.")
    @Nullable
    String end;

    @Mixin
    final KeyFlags keys = new KeyFlags();

    @Option(
            names = {"--rev", "--from"},
            paramLabel = "REVISION",
            order = 3,
            description = "First revision whose changes are wanted. Default: the next one.")
    long from;

    @Option(names = "--snapshot", order = 4, description = "Print the entries that exist now, then every change.")
    boolean snapshot;

    @Option(names = "--prev", order = 5, description = "Also print the entry as it was before each change.")
    boolean previous;

    @Option(names = "--no-put", order = 6, description = "Leave puts out.")
    boolean noPut;

    @Option(names = "--no-delete", order = 7, description = "Leave deletions out.")
    boolean noDelete;

    @Option(
            names = "--progress",
            paramLabel = "TIME",
            order = 8,
            description = "Also print the revision reached when nothing happened for this long, as in 10s.")
    @Nullable
    String progress;

    @Option(names = "--limit", paramLabel = "N", order = 9, description = "End after N changes, with exit code 0.")
    long limit;

    WatchCommand(Context context) {
        super(context);
    }

    @Override
    int run(StoreClient client) throws IOException {
        WatchPrinter printer = new WatchPrinter(context, cluster.json(), progress != null, limit);
        try (Watch watch = plan(client).start(printer)) {
            printer.attach(watch);
            if (!printer.awaitCreated(cluster.timeoutMillis())) {
                StoreException cause = printer.interruption();
                throw cause != null
                        ? new StoreException(ErrorCode.UNREACHABLE, String.valueOf(cause.getMessage()))
                        : new StoreException(
                                ErrorCode.DEADLINE_EXCEEDED,
                                "no member began the watch within " + cluster.timeoutMillis() + " ms");
            }
            watch.closed().join();
            return ExitCode.OK;
        } catch (CompletionException e) {
            IOException output = printer.outputFailure();
            if (output != null) {
                throw output;
            }
            if (e.getCause() instanceof StoreException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private WatchPlan plan(StoreClient client) {
        WatchPlan plan = client.watch().keys(selection());
        if (from < 0) {
            throw new IllegalArgumentException("--rev: " + from + " (expected: 1 or more)");
        }
        if (from > 0 && snapshot) {
            throw new IllegalArgumentException("--rev and --snapshot (expected: one of them)");
        }
        if (from > 0) {
            plan = plan.from(from);
        }
        if (snapshot) {
            plan = plan.snapshot();
        }
        if (previous) {
            plan = plan.previous();
        }
        if (noPut) {
            plan = plan.noPuts();
        }
        if (noDelete) {
            plan = plan.noDeletes();
        }
        return progress == null
                ? plan
                : plan.progressEvery(Duration.ofMillis(Durations.parseMillis("--progress", progress)));
    }

    private Keys selection() {
        // Also judges the flags.
        var selector = keys.selector(key, end);
        return switch (selector.getKindCase()) {
            case KEY -> Keys.of(Bytes.of(selector.getKey()));
            case PREFIX -> Keys.prefix(Bytes.of(selector.getPrefix()));
            default ->
                keys.fromKey
                        ? Keys.from(Bytes.of(selector.getSpan().getStart()))
                        : Keys.between(
                                Bytes.of(selector.getSpan().getStart()),
                                Bytes.of(selector.getSpan().getEnd()));
        };
    }
}
