package dev.store.jepsen.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The whole history of keys by revision: the one line of truth that answers, watches and members are held against. */
public final class Timeline {
    private final List<Change> changes;
    private final Map<String, NavigableMap<Long, Optional<String>>> byKey = new HashMap<>();

    /** A timeline of changes in order of revision; throws IllegalArgumentException if they are not. */
    public Timeline(List<Change> changes) {
        this.changes = List.copyOf(changes);
        long last = 0;
        for (Change change : changes) {
            if (change.revision() < last) {
                throw new IllegalArgumentException(
                        change + " after revision " + last + " (expected: rising revisions)");
            }
            last = change.revision();
            byKey.computeIfAbsent(change.key(), key -> new TreeMap<>())
                    .put(change.revision(), Optional.ofNullable(change.value()));
        }
    }

    /** All changes, in order. */
    public List<Change> changes() {
        return changes;
    }

    /** The changes of a closed interval of revisions, in order. */
    public List<Change> between(long first, long last) {
        int from = firstAt(first);
        int to = last == Long.MAX_VALUE ? changes.size() : firstAt(last + 1);
        return from < to ? changes.subList(from, to) : List.of();
    }

    /** Place of the first change of this revision or a later one. */
    private int firstAt(long revision) {
        int low = 0;
        int high = changes.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (changes.get(middle).revision() < revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Value of a key at a revision; empty if it did not exist. */
    public Optional<String> valueAt(String key, long revision) {
        NavigableMap<Long, Optional<String>> versions = byKey.get(key);
        if (versions == null) {
            return Optional.empty();
        }
        Map.Entry<Long, Optional<String>> entry = versions.floorEntry(revision);
        return entry == null ? Optional.empty() : entry.getValue();
    }

    /** Whether this key changed at this very revision. */
    public boolean changedAt(String key, long revision) {
        NavigableMap<Long, Optional<String>> versions = byKey.get(key);
        return versions != null && versions.containsKey(revision);
    }
}
