package dev.store.server.config;

import java.util.Locale;

/**
 * One setting.
 *
 * @param name dotted name, as in the file and after {@code --}
 * @param kind how its text is read
 * @param defaultText text that stands if nobody sets it; empty for a value that is derived from others
 * @param description one sentence or two for people, with limits
 */
record Key<T>(String name, Kind<T> kind, String defaultText, String description) {
    /** Name of the environment variable that sets it. */
    String environmentName() {
        return "STORE_" + name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** The first part of its name. */
    String section() {
        return name.substring(0, name.indexOf('.'));
    }
}
