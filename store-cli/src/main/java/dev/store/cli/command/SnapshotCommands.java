package dev.store.cli.command;

import dev.store.api.v1.SnapshotChunk;
import dev.store.api.v1.SnapshotRequest;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.call.Methods;
import dev.store.cli.local.LocalFailure;
import dev.store.cli.print.Json;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code store snapshot …}: a consistent copy of everything, in one file. */
final class SnapshotCommands {
    private SnapshotCommands() {}

    @Command(
            name = "snapshot",
            header = "Save everything to a file, and make a new cluster of it.",
            synopsisSubcommandLabel = "COMMAND",
            footer = {"", "Examples:", "  store snapshot save backup.store", "  store snapshot restore --help"})
    static final class Group extends GroupCommand {
        Group(Context context) {
            super(context);
        }
    }

    @Command(
            name = "save",
            header = "Save a consistent copy of the cluster's state to a file.",
            description = {
                "The copy is checked against the SHA-256 that the member sends, written to FILE.part, flushed to disk",
                "and only then renamed to FILE."
            },
            footer = {
                "",
                "Examples:",
                "  store snapshot save backup.store",
                "  store snapshot save backup.store --endpoints 127.0.0.1:7410   from that member"
            })
    static final class Save extends ClusterCommand {
        private static final long SILENCE_MILLIS = 30_000;

        @Parameters(index = "0", paramLabel = "FILE", description = "Where to save it.")
        Path file = Path.of("");

        @Option(
                names = {"-f", "--force"},
                order = 1,
                description = "Replace FILE if it exists.")
        boolean force;

        Save(Context context) {
            super(context);
        }

        @Override
        int run(Calls calls) throws IOException {
            if (Files.isDirectory(file)) {
                throw new IllegalArgumentException("FILE: " + file + " is a folder (expected: a file)");
            }
            if (Files.exists(file) && !force) {
                throw new LocalFailure(
                        "FILE_EXISTS",
                        file + " exists",
                        "Choose another name, or replace it with --force.",
                        ExitCode.CONFLICT);
            }
            try (SnapshotDownload download = new SnapshotDownload(file, context)) {
                calls.stream(
                        Methods.snapshot(),
                        SnapshotRequest.getDefaultInstance(),
                        SILENCE_MILLIS,
                        (SnapshotChunk chunk) -> download.add(chunk));
                download.complete();
                print(calls, download);
            }
            return ExitCode.OK;
        }

        private void print(Calls calls, SnapshotDownload download) throws IOException {
            if (json()) {
                context.println(new Json()
                        .object()
                        .field("file", file.toString())
                        .field("bytes", download.bytes())
                        .field("sha256", download.sha256())
                        .field("revision", download.revision())
                        .field("endpoint", calls.endpoint().toString())
                        .endObject()
                        .take());
            } else {
                context.println("saved " + file + ": revision " + download.revision() + ", "
                        + Text.bytes(download.bytes()) + ", sha256 " + download.sha256());
            }
        }
    }

    /** Only what {@code store snapshot --help} and completion show: bin/store gives this command to the server. */
    @Command(name = "restore", header = "Make a new cluster's data folder of a saved file.")
    static final class Restore implements Callable<Integer> {
        @Parameters(arity = "0..*", hidden = true)
        List<String> arguments = List.of();

        private final Context context;

        Restore(Context context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            return Guard.run(context, false, () -> {
                throw new LocalFailure(
                        "LOCAL_FAILURE",
                        "snapshot restore is a part of the server, which this program cannot start",
                        "Run it through bin/store.",
                        ExitCode.FAILED);
            });
        }
    }
}
