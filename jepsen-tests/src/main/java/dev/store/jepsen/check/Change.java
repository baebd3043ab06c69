package dev.store.jepsen.check;

import org.jspecify.annotations.Nullable;

/**
 * One change of one key, as the cluster itself tells it.
 *
 * @param revision revision of the change
 * @param key the key
 * @param value its new value, or null if it was deleted
 */
public record Change(long revision, String key, @Nullable String value) {
    @Override
    public String toString() {
        return "r" + revision + " " + key + (value == null ? " deleted" : "=" + value);
    }
}
