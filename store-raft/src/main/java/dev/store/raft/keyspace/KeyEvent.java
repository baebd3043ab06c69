package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One change of one key.
 *
 * @param scopedKey the {@linkplain ScopedKey scoped key}
 * @param revision revision of the change
 * @param current the record that was put, or null if the key was deleted
 * @param previous the record before the change; null if there was none or if it is no longer kept
 * @param atMs leader's time of the change, ms since 1970
 * @param by principal that asked for it, empty for anonymous
 */
public record KeyEvent(
        ByteString scopedKey,
        long revision,
        @Nullable KeyRecord current,
        @Nullable KeyRecord previous,
        long atMs,
        String by) {

    public KeyEvent {
        Objects.requireNonNull(scopedKey, "scopedKey");
        Objects.requireNonNull(by, "by");
    }

    /** Whether the key was deleted. */
    public boolean isDelete() {
        return current == null;
    }

    /** Approximate size in memory of what the event refers to, in bytes, for bounding buffers. */
    public int sizeBytes() {
        int size = 64 + scopedKey.size();
        size += current == null ? 0 : current.value().size() + 48;
        return size + (previous == null ? 0 : previous.value().size() + 48);
    }
}
