package dev.store.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command about the cluster on this machine. */
abstract class LocalCommand implements Callable<Integer> {
    final Context context;

    @Mixin
    final LocalOptions local = new LocalOptions();

    @Mixin
    final HelpOption help = new HelpOption();

    LocalCommand(Context context) {
        this.context = context;
    }

    @Override
    public final Integer call() {
        return Guard.run(context, local.json(), () -> {
            Screen screen = new Screen(context);
            try {
                return run(screen);
            } finally {
                screen.clear();
            }
        });
    }

    /** Does what the command is for, and returns its exit code. */
    abstract int run(Screen screen) throws IOException;
}
