package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyEvent;
import dev.store.raft.keyspace.KeyRecord;
import java.lang.ref.WeakReference;
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

    // Weak, as it is a second copy of the events: what a watcher that lags has not taken must not hold it.
    private volatile @Nullable WeakReference<Run> latestRun;

    /** What a watcher took that began with this delivery. */
    private record Run(Delivery last, int deliveries, EncodedList events) {}

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

    /**
     * The events of this and the deliveries after it, as one list for all watchers that take the same ones at once. Watchers
     * with the same interest get the same deliveries and miss none, so the first and the last say which.
     *
     * @param run this delivery and those that follow it in a watcher
     */
    EncodedList together(List<Delivery> run) {
        Delivery last = run.get(run.size() - 1);
        WeakReference<Run> reference = latestRun;
        Run latest = reference == null ? null : reference.get();
        if (latest != null && latest.last == last && latest.deliveries == run.size()) {
            return latest.events;
        }
        EncodedList events = EncodedList.of(encoded(run));
        latestRun = new WeakReference<>(new Run(last, run.size(), events));
        return events;
    }

    private static List<ByteString> encoded(List<Delivery> run) {
        if (run.size() == 1) {
            return run.get(0).encoded();
        }
        List<ByteString> events = new ArrayList<>(run.size());
        for (Delivery delivery : run) {
            events.addAll(delivery.encoded());
        }
        return events;
    }

    private int sizeOf(KeyEvent event) {
        int size = METADATA_BYTES + event.scopedKey().size() + valueBytes(event.current());
        return interest.previous() ? size + valueBytes(event.previous()) : size;
    }

    private static int valueBytes(@Nullable KeyRecord entry) {
        return entry == null ? 0 : entry.value().size();
    }
}
