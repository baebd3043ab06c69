package dev.store.cli.command;

import dev.store.api.v1.ReadConsistency;
import dev.store.api.v1.ReadOptions;
import picocli.CommandLine.Option;

/** How fresh a read must be. */
final class ReadFlags implements FastOptions {
    @Option(
            names = "--serializable",
            order = 20,
            description = "Answer from what the asked member has: faster, served without a leader, maybe behind.")
    boolean serializable;

    @Option(
            names = "--at-least-revision",
            paramLabel = "REVISION",
            order = 21,
            description = "Let the member wait until it has applied this revision.")
    long atLeastRevision;

    /** The options as the cluster takes them. */
    ReadOptions options() {
        return ReadOptions.newBuilder()
                .setConsistency(
                        serializable
                                ? ReadConsistency.READ_CONSISTENCY_SERIALIZABLE
                                : ReadConsistency.READ_CONSISTENCY_LINEARIZABLE)
                .setAtLeastRevision(atLeastRevision)
                .build();
    }

    @Override
    public boolean flag(String option) {
        if (option.equals("--serializable")) {
            serializable = true;
            return true;
        }
        return false;
    }

    @Override
    public boolean value(String option, String value) {
        if (option.equals("--at-least-revision") && FastNumbers.isLong(value)) {
            atLeastRevision = Long.parseLong(value);
            return true;
        }
        return false;
    }
}
