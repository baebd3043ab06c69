package dev.store.cli.command;

/**
 * A group of configuration entries, or one entry.
 *
 * @param group the group
 * @param name the name of the entry; empty for the group
 */
record ConfigTarget(String group, String name) {
    /** Reads GROUP or GROUP/NAME; the server checks the names. */
    static ConfigTarget of(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? new ConfigTarget(text, "")
                : new ConfigTarget(text.substring(0, slash), text.substring(slash + 1));
    }
}
