package dev.store.cli.command;

import dev.store.api.v1.ResponseHeader;
import dev.store.cli.ExitCode;
import dev.store.cli.call.Calls;
import dev.store.cli.print.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that talks to the cluster. */
abstract class ClusterCommand implements Callable<Integer>, FastOptions {
    final Context context;

    @Mixin
    final ClusterOptions cluster = new ClusterOptions();

    @Mixin
    final HelpOption help = new HelpOption();

    ClusterCommand(Context context) {
        this.context = context;
    }

    @Override
    public final Integer call() {
        return Guard.run(context, cluster.json(), () -> {
            try (Calls calls = cluster.calls(context.environment())) {
                return run(calls);
            }
        });
    }

    /** Does what the command is for, and returns its exit code. */
    abstract int run(Calls calls) throws IOException;

    /** Tells of a change that has nothing to show but its revision. */
    final int printChange(String what, ResponseHeader header) throws IOException {
        long revision = header.getRevision();
        context.println(
                json()
                        ? new Json()
                                .object()
                                .field("revision", revision)
                                .endObject()
                                .take()
                        : what + ", revision " + revision);
        return ExitCode.OK;
    }

    boolean json() {
        return cluster.json();
    }

    String namespace() {
        return cluster.namespace(context.environment());
    }

    @Override
    public boolean value(String option, String value) {
        return cluster.value(option, value);
    }
}
