package dev.store.cli.command;

import dev.store.cli.ExitCode;
import dev.store.cli.local.Folder;
import dev.store.cli.local.LocalCluster;
import dev.store.cli.local.LocalFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command about the cluster on this machine. */
final class LocalOptions {
    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            order = 100,
            description = {
                "Folder of the cluster. Default: $$STORE_LOCAL_DIR, else store/cluster in $$XDG_DATA_HOME or",
                "~/.local/share."
            })
    @Nullable
    Path dir;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "text",
            order = 103,
            description = "Print ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    Format output = Format.text;

    boolean json() {
        return output == Format.json;
    }

    Path folder(Map<String, String> environment) {
        return Folder.of(dir, environment);
    }

    LocalCluster cluster(Map<String, String> environment) {
        return LocalCluster.existing(folder(environment), launcher(environment));
    }

    /** What starts a server: bin/store says where it is itself. */
    static List<String> launcher(Map<String, String> environment) {
        String launcher = environment.getOrDefault("STORE_LAUNCHER", "");
        if (launcher.isBlank()) {
            throw new LocalFailure(
                    "LOCAL_FAILURE",
                    "STORE_LAUNCHER is not set, so it is not known how to start a node",
                    "Run this command through bin/store.",
                    ExitCode.FAILED);
        }
        return List.of(launcher, "server");
    }
}
