package dev.store.raft.keyspace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the keyspace should hold, said as plainly as possible: one whole map for each revision. */
final class ReferenceMap {
    record Entry(String value, long create, long mod, long version, long lease) {}

    private final List<TreeMap<String, Entry>> revisions = new ArrayList<>(List.of(new TreeMap<>()));
    private final Map<Long, Boolean> leases = new HashMap<>();
    private long compacted;

    long revision() {
        return revisions.size() - 1L;
    }

    long compacted() {
        return compacted;
    }

    SortedMap<String, Entry> at(long revision) {
        return revisions.get((int) revision);
    }

    SortedMap<String, Entry> now() {
        return at(revision());
    }

    boolean hasLease(long lease) {
        return leases.containsKey(lease);
    }

    /** A transaction under way. */
    final class Change {
        private final TreeMap<String, Entry> next = new TreeMap<>(now());
        private boolean changed;

        Change put(String key, String value, long lease) {
            Entry before = next.get(key);
            long revision = revision() + 1;
            next.put(
                    key,
                    new Entry(
                            value,
                            before == null ? revision : before.create(),
                            revision,
                            before == null ? 1 : before.version() + 1,
                            lease));
            changed = true;
            return this;
        }

        Change delete(String from, String to) {
            changed |= !next.subMap(from, to).isEmpty();
            next.subMap(from, to).clear();
            return this;
        }

        void commit() {
            if (changed) {
                revisions.add(next);
            }
        }
    }

    Change change() {
        return new Change();
    }

    void grant(long lease) {
        leases.put(lease, true);
    }

    void revoke(long lease) {
        leases.remove(lease);
        Change change = change();
        now().forEach((key, entry) -> {
            if (entry.lease() == lease) {
                change.next.remove(key);
                change.changed = true;
            }
        });
        change.commit();
    }

    void compact(long revision) {
        compacted = revision;
    }
}
