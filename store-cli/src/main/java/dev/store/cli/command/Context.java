package dev.store.cli.command;

import dev.store.cli.print.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What surrounds a command.
 *
 * @param environment the variables of the process
 * @param in standard input
 * @param out standard output, buffered; flushed when the command ends, or after each event of a long one
 * @param err standard error
 * @param terminal what is known of the screen
 */
public record Context(
        Map<String, String> environment, InputStream in, OutputStream out, PrintStream err, Terminal terminal) {
    /** Writes text to standard output. */
    public void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a line to standard output. */
    public void println(String text) throws IOException {
        print(text);
        out.write('\n');
    }
}
