package dev.store.server.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong, so that it can be reported all at once. */
final class Problems {
    private final Set<String> found = new LinkedHashSet<>();

    /** Notes a problem. */
    void add(String problem) {
        found.add(problem);
    }

    /** Notes that a value is not as expected, unless it is. */
    void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            add(key + ": " + value + " (expected: " + expected + ")");
        }
    }

    /** Builds something whose construction may find problems of its own; null if it did. */
    <T> @Nullable T collect(Supplier<T> construction) {
        try {
            return construction.get();
        } catch (ConfigException e) {
            found.addAll(e.problems());
            return null;
        }
    }

    /** Whether nothing is wrong so far. */
    boolean none() {
        return found.isEmpty();
    }

    /** Throws if anything is wrong. */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigException(new ArrayList<>(found));
        }
    }

    List<String> list() {
        return List.copyOf(found);
    }
}
