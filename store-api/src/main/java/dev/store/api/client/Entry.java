package dev.store.api.client;

import dev.store.api.v1.KeyValue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One key with its value and what is known about it at some revision.
 *
 * @param key the key, without its namespace
 * @param value the value; empty where only keys were asked for
 * @param createRevision revision at which the key was created
 * @param modRevision revision of the last put; in a deletion, its revision
 * @param version number of puts since the key was created; 0 in a deletion
 * @param leaseId lease that the key is attached to; 0 means none
 * @param createdAtMillis leader's time of the put that created the key, in ms since 1970
 * @param modifiedAtMillis leader's time of the last put, in ms since 1970; in a deletion, its time
 * @param modifiedBy who made the last change; {@code anonymous} if nobody is known
 */
public record Entry(
        Bytes key,
        Bytes value,
        long createRevision,
        long modRevision,
        long version,
        long leaseId,
        long createdAtMillis,
        long modifiedAtMillis,
        String modifiedBy) {

    /** The value as text. */
    public String utf8() {
        return value.utf8();
    }

    /** Leader's time of the put that created the key. */
    public Instant createdAt() {
        return Instant.ofEpochMilli(createdAtMillis);
    }

    /** Leader's time of the last put. */
    public Instant modifiedAt() {
        return Instant.ofEpochMilli(modifiedAtMillis);
    }

    static Entry of(KeyValue entry) {
        return new Entry(
                Bytes.of(entry.getKey()),
                Bytes.of(entry.getValue()),
                entry.getCreateRevision(),
                entry.getModRevision(),
                entry.getVersion(),
                entry.getLeaseId(),
                entry.getCreatedAtMs(),
                entry.getModifiedAtMs(),
                entry.getModifiedBy().isEmpty() ? "anonymous" : entry.getModifiedBy());
    }

    static List<Entry> listOf(List<KeyValue> entries) {
        List<Entry> list = new ArrayList<>(entries.size());
        for (KeyValue entry : entries) {
            list.add(of(entry));
        }
        return Collections.unmodifiableList(list);
    }
}
