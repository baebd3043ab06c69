package dev.store.cli.command;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Reads the plain forms of the commands used most, without picocli. */
public final class FastLane {
    private FastLane() {}

    /** The command, ready to be called; null if picocli must read it. */
    public static @Nullable Callable<Integer> parse(String[] args, Context context) {
        if (args.length < 2) {
            return null;
        }
        return switch (args[0]) {
            case "get" -> filled(new GetCommand(context), args);
            case "put" -> filled(new PutCommand(context), args);
            case "del" -> filled(new DelCommand(context), args);
            case "range" -> filled(new RangeCommand(context), args);
            default -> null;
        };
    }

    static <C extends Callable<Integer> & FastOptions> @Nullable C filled(C command, String[] args) {
        int parameters = 0;
        for (int i = 1; i < args.length; i++) {
            String arg = args[i];
            if (arg.length() < 2 || arg.charAt(0) != '-') {
                if (arg.isEmpty() || !command.parameter(parameters, arg)) {
                    return null;
                }
                parameters++;
                continue;
            }
            int equals = arg.startsWith("--") ? arg.indexOf('=') : -1;
            if (equals > 0) {
                if (!command.value(arg.substring(0, equals), arg.substring(equals + 1))) {
                    return null;
                }
            } else if (!command.flag(arg)) {
                // A value that looks like an option is for picocli to judge.
                if (i + 1 == args.length
                        || args[i + 1].isEmpty()
                        || args[i + 1].charAt(0) == '-'
                        || !command.value(arg, args[i + 1])) {
                    return null;
                }
                i++;
            }
        }
        return command.complete() ? command : null;
    }
}
