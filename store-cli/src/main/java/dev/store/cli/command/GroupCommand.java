package dev.store.cli.command;

import dev.store.cli.ExitCode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that only holds others: alone it shows its help and fails. */
abstract class GroupCommand implements Callable<Integer> {
    @Mixin
    final HelpOption help = new HelpOption();

    @Spec
    @Nullable
    CommandSpec spec;

    private final Context context;

    GroupCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine().usage(context.err());
        }
        context.err().flush();
        return ExitCode.USAGE;
    }
}
