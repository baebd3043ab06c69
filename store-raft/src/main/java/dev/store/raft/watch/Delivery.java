package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events of one revision that one interest gets, shared by all watchers that have it. */
final class Delivery implements Buffered {
    private static final int METADATA_BYTES = 64;

    private final long revision;
    private final List<SharedEvent> events;
    private final Interest interest;
    private final int bytes;
    private volatile @Nullable List<ByteString> encoded;

    Delivery(long revision, List<SharedEvent> events, Interest interest) {
        this.revision = revision;
        this.events = events;
        this.interest = interest;
        int size = 0;
        for (SharedEvent event : events) {
            size += sizeOf(event.event());
        }
        this.bytes = size;
    }

    long revision() {
        return revision;
    }

    int size() {
        return events.size();
    }

    @Override
    public int bytes() {
        return bytes;
    }

    /** Approximate size of one encoded event. */
    int bytes(int index) {
        return sizeOf(events.get(index).event());
    }

    /** The encoded events, in order. */
    List<ByteString> encoded() {
        List<ByteString> known = encoded;
        if (known == null) {
            List<ByteString> made = new ArrayList<>(events.size());
            for (SharedEvent event : events) {
                made.add(event.encoded(interest.encoding(), interest.previous()));
            }
            known = List.copyOf(made);
            encoded = known;
        }
        return known;
    }

    private int sizeOf(KeyEvent event) {
        int size = METADATA_BYTES + event.scopedKey().size() + valueBytes(event.current());
        return interest.previous() ? size + valueBytes(event.previous()) : size;
    }

    private static int valueBytes(@Nullable KeyRecord entry) {
        return entry == null ? 0 : entry.value().size();
    }
}
