package dev.store.cli;

import dev.store.cli.command.CommandTree;
import dev.store.cli.command.Context;
import dev.store.cli.command.FastLane;
import dev.store.cli.print.Terminal;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The command {@code store}. */
public final class Store {
    private static final int BUFFER_BYTES = 16 * 1024;

    private Store() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        Context context = new Context(
                environment,
                System.in,
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), BUFFER_BYTES),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                Terminal.of(environment));
        // Not exit: shutdown hooks have nothing to do here, and running them takes time.
        Runtime.getRuntime().halt(run(args, context));
    }

    /** Runs one command and returns its exit code. */
    public static int run(String[] args, Context context) {
        try {
            @Nullable Callable<Integer> fast = FastLane.parse(args, context);
            return fast != null ? fast.call() : CommandTree.execute(args, context);
        } catch (Exception e) {
            context.err().println("store: a defect of this command: " + e);
            context.err().println("  Please report it with what follows.");
            e.printStackTrace(context.err());
            return ExitCode.FAILED;
        }
    }
}
