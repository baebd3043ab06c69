package dev.store.cli;

import dev.store.cli.command.Context;
import dev.store.cli.print.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Runs command lines as the shell would, and keeps what they print. */
public final class CommandRun {
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private byte[] in = {};
    private int exitCode = -1;

    /** Against the given members. */
    public static CommandRun against(String endpoints) {
        return new CommandRun().with("STORE_ENDPOINTS", endpoints);
    }

    public CommandRun with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    public CommandRun typing(String input) {
        in = input.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    public CommandRun run(String... args) {
        exitCode = Store.run(args, context());
        return this;
    }

    public int exitCode() {
        return exitCode;
    }

    public String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    public byte[] bytes() {
        return out.toByteArray();
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    public Context context() {
        return new Context(
                environment,
                new ByteArrayInputStream(in),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.of(environment));
    }
}
