package dev.store.cli.training;

import dev.store.cli.Store;
import dev.store.cli.command.Context;
import dev.store.cli.print.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Runs the commands used most against a member of its own, so that bin/store can have the JVM archive what they load.
 * Prints {@code trained}, and ends with 0, if all of them did what they should.
 */
public final class Training {
    private static final String[][] COMMANDS = {
        {"0", "get", "key"},
        {"0", "get", "key", "--long"},
        {"0", "get", "key", "-o", "json"},
        {"0", "put", "key", "value"},
        {"0", "put", "key", "value", "-o", "json"},
        {"0", "del", "key"},
        {"0", "range", "key", "--prefix"},
        {"0", "range", "key", "--prefix", "-o", "json"},
        {"0", "lease", "list"},
        {"2", "get", "key", "--rev", "x"},
        {"0", "get", "--help"},
        {"0", "--help"}
    };

    private Training() {}

    public static void main(String[] args) throws IOException {
        try (CannedMember member = CannedMember.start()) {
            Map<String, String> environment = Map.of("STORE_ENDPOINTS", "127.0.0.1:" + member.port());
            for (String[] each : COMMANDS) {
                String[] line = Arrays.copyOfRange(each, 1, each.length);
                int code = Store.run(line, context(environment));
                if (code != Integer.parseInt(each[0])) {
                    throw new IllegalStateException(
                            "store " + String.join(" ", line) + " ended with " + code + " (expected: " + each[0] + ")");
                }
            }
        }
        System.out.println("trained");
    }

    private static Context context(Map<String, String> environment) {
        return new Context(
                environment,
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                Terminal.of(environment));
    }
}
