package dev.store.server;

import dev.store.server.config.ConfigException;
import dev.store.server.config.ConfigReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was typed after {@code store server}.
 *
 * @param action what to do
 * @param configFile file named by {@code --config}, or null
 * @param json whether to print JSON instead of YAML
 * @param flags values by dotted name
 */
record CommandLine(Action action, @Nullable Path configFile, boolean json, Map<String, String> flags) {
    /** What to do. */
    enum Action {
        START,
        PRINT_CONFIG,
        HELP,
        VERSION
    }

    /**
     * Reads arguments.
     *
     * @throws ConfigException with everything that makes no sense
     */
    static CommandLine parse(List<String> arguments) {
        List<String> problems = new ArrayList<>();
        Action action = Action.START;
        Path configFile = null;
        boolean json = false;
        Map<String, String> flags = new LinkedHashMap<>();
        Words words = new Words(arguments, problems);
        while (words.next()) {
            switch (words.name) {
                case "-h", "--help", "help" -> action = Action.HELP;
                case "--version" -> action = Action.VERSION;
                case "--print-config" -> action = action == Action.START ? Action.PRINT_CONFIG : action;
                case "--config" -> configFile = Path.of(words.value(false));
                case "-o", "--output" -> json = isJson(words.value(false), problems);
                default -> {
                    if (!words.name.startsWith("--")) {
                        problems.add(words.name + ": unexpected argument (expected: flags such as --node.name=n1)");
                        continue;
                    }
                    String name = words.name.substring(2);
                    String value = words.value(ConfigReference.isSwitch(name));
                    if (flags.put(name, value) != null) {
                        problems.add("--" + name + ": set twice");
                    }
                }
            }
        }
        if (!problems.isEmpty() && action != Action.HELP) {
            throw new ConfigException(problems);
        }
        return new CommandLine(action, configFile, json, flags);
    }

    /** The file to read: the one named by a flag, else the one named by {@code STORE_CONFIG}, else none. */
    @Nullable
    Path fileOr(Map<String, String> environment) {
        String named = environment.getOrDefault("STORE_CONFIG", "");
        return configFile != null || named.isEmpty() ? configFile : Path.of(named);
    }

    private static boolean isJson(String format, List<String> problems) {
        if (!format.equals("json") && !format.equals("yaml")) {
            problems.add("-o: \"" + format + "\" (expected: yaml or json)");
        }
        return format.equals("json");
    }

    /** Walks over arguments of the forms {@code --name=value}, {@code --name value} and {@code --name}. */
    private static final class Words {
        private final Iterator<String> rest;
        private final List<String> arguments;
        private final List<String> problems;
        private int position = -1;
        private String name = "";
        private @Nullable String attached;

        Words(List<String> arguments, List<String> problems) {
            this.arguments = arguments;
            this.rest = arguments.iterator();
            this.problems = problems;
        }

        boolean next() {
            if (!rest.hasNext()) {
                return false;
            }
            String word = rest.next();
            position++;
            int equals = word.startsWith("-") ? word.indexOf('=') : -1;
            name = equals < 0 ? word : word.substring(0, equals);
            attached = equals < 0 ? null : word.substring(equals + 1);
            return true;
        }

        /** The value of the present flag; of a switch it may be missing, which means true. */
        String value(boolean isSwitch) {
            if (attached != null) {
                return attached;
            }
            boolean follows = position + 1 < arguments.size()
                    && !arguments.get(position + 1).startsWith("-");
            if (isSwitch && !(follows && isTruth(arguments.get(position + 1)))) {
                return "true";
            }
            if (!follows) {
                problems.add(name + ": no value (expected: " + name + "=VALUE)");
                return "";
            }
            position++;
            return rest.next();
        }

        private static boolean isTruth(String word) {
            return word.equals("true") || word.equals("false");
        }
    }
}
