package dev.store.cli.command;

import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How fresh a read must be that members answer from memory unless told otherwise. */
final class MemoryReadFlags {
    @Option(names = "--linearizable", order = 20, description = "Answer with what the cluster knows, not one member.")
    boolean linearizable;

    @Option(
            names = "--at-least-revision",
            paramLabel = "REVISION",
            order = 21,
            description = "Let the member wait until it has applied this revision.")
    long atLeastRevision;

    /** The options as the cluster takes them; empty for its default. */
    Optional<ReadOptions> options() {
        if (!linearizable && atLeastRevision == 0) {
            return Optional.empty();
        }
        return Optional.of(ReadOptions.newBuilder()
                .setConsistency(
                        linearizable
                                ? ReadConsistency.READ_CONSISTENCY_LINEARIZABLE
                                : ReadConsistency.READ_CONSISTENCY_SERIALIZABLE)
                .setAtLeastRevision(atLeastRevision)
                .build());
    }
}
