package dev.store.cli.command;

import dev.store.cli.call.Calls;
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
