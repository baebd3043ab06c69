package dev.store.server;

import dev.store.raft.consensus.ReplicaException;
import dev.store.raft.consensus.SnapshotRestore;
import dev.store.raft.consensus.SnapshotRestore.Restored;
import dev.store.server.config.ConfigException;
import dev.store.server.config.ConfigLoader;
import dev.store.server.config.ConfigSources;
import dev.store.server.config.ServerConfig;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code store snapshot restore FILE}: makes the data folder of the first member of a new cluster. Takes the
 * configuration that the member will be started with, so that what is restored is what it will accept.
 */
final class RestoreCommand {
    private static final String HELP = """
            Usage: store snapshot restore FILE --cluster.name=NEW [--config FILE] [--KEY=VALUE ...]

            Makes a data folder from a file that store snapshot save wrote. The folder (node.data) must be empty, and the
            cluster must have a name (or cluster.id) other than that of the old one. Start the node with the same
            settings afterwards: it is a cluster of its own, to which further nodes are added with store member add.

            Example:
              store snapshot restore backup.store --cluster.name=shop-2 --node.name=n1 --node.data=/var/lib/store
              store server --cluster.name=shop-2 --node.name=n1 --node.data=/var/lib/store

            The keys are those of store server --help.
            """;

    private final PrintStream out;
    private final Map<String, String> environment;

    RestoreCommand(PrintStream out, Map<String, String> environment) {
        this.out = out;
        this.environment = environment;
    }

    ExitCode run(List<String> arguments) {
        List<String> flags = new ArrayList<>(arguments);
        if (flags.contains("--help") || flags.contains("-h")) {
            out.print(HELP);
            return ExitCode.OK;
        }
        if (flags.isEmpty() || flags.get(0).startsWith("-")) {
            throw new ConfigException(List.of("no file (expected: store snapshot restore FILE, see --help)"));
        }
        Path file = Path.of(flags.remove(0));
        CommandLine command = CommandLine.parse(flags);
        ServerConfig config = ConfigLoader.load(
                        new ConfigSources(command.fileOr(environment), environment, command.flags()))
                .config();
        if (!config.cluster().members().isEmpty() || config.cluster().join()) {
            throw new ConfigException(
                    List.of("cluster.members, cluster.join: set (expected: not set; a restored cluster"
                            + " starts with one member, others are added to it)"));
        }
        if (!Files.isReadable(file)) {
            throw new StartFailure(ExitCode.FAILED, file + ": cannot be read (expected: a snapshot file)");
        }
        DataFolder.check(config.node().data());
        return restore(file, config);
    }

    private ExitCode restore(Path file, ServerConfig config) {
        try {
            Restored restored = SnapshotRestore.restore(
                    file,
                    config.node().name(),
                    config.cluster().id(),
                    config.node().data(),
                    Clock.systemUTC());
            out.println("restored revision " + restored.revision() + " of cluster " + restored.fromGroup() + " into "
                    + config.node().data().toAbsolutePath().normalize() + " for member "
                    + config.node().name() + " of new cluster "
                    + config.cluster().id());
            return ExitCode.OK;
        } catch (ReplicaException e) {
            throw new StartFailure(ExitCode.DATA_REFUSED, String.valueOf(e.getMessage()), e);
        }
    }
}
