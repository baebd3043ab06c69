package dev.store.cli.txn;

import java.util.LinkedHashMap;
import java.util.Map;

/** The options of one operation; each must be asked for, so that none goes unnoticed. */
final class Options {
    private final Map<String, String> given = new LinkedHashMap<>();

    boolean takesValue(String option) {
        return option.equals("--lease") || option.equals("--limit");
    }

    void add(String option, String value) {
        int equals = option.indexOf('=');
        if (equals > 0) {
            given.put(option.substring(0, equals), option.substring(equals + 1));
        } else {
            given.put(option, value);
        }
    }

    boolean flag(String option) {
        return given.remove(option) != null;
    }

    long number(String option) {
        String text = given.remove(option);
        return text == null ? 0 : parse(option, text);
    }

    static long parse(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + ": \"" + text + "\" (expected: a whole number)");
        }
    }

    void requireAllKnown(String operation) {
        if (!given.isEmpty()) {
            throw new IllegalArgumentException(
                    operation + ": unknown option " + given.keySet().iterator().next());
        }
    }
}
