package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What waits in one watcher, in the order in which its consumer must see it. Guarded by the watcher. */
final class WatchBuffer {
    private final Deque<Buffered> waiting = new ArrayDeque<>(2);
    private int deliveries;
    private int bytes;

    // How many events (or entries) of the first element the consumer has taken already.
    private int taken;

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    int deliveries() {
        return deliveries;
    }

    int bytes() {
        return bytes;
    }

    void add(Buffered element) {
        // Of two progress marks in a row only the later one tells anything.
        if (isProgress(element) && !waiting.isEmpty() && isProgress(waiting.getLast())) {
            waiting.removeLast();
        }
        waiting.addLast(element);
        bytes += element.bytes();
        if (element instanceof Delivery) {
            deliveries++;
        }
    }

    /** Whether one more delivery fits. A single one always does, however large. */
    boolean fits(int moreDeliveries, long moreBytes, WatchOptions options) {
        if (bytes == 0 && moreDeliveries <= 1) {
            return true;
        }
        return deliveries + moreDeliveries <= options.bufferRevisions() && bytes + moreBytes <= options.bufferBytes();
    }

    void clear() {
        waiting.clear();
        deliveries = 0;
        bytes = 0;
        taken = 0;
    }

    /**
     * Drops all events, progress and lagging marks; keeps the rest, and a delivery of which the consumer has taken a
     * part already.
     */
    Dropped dropEvents() {
        long firstRevision = 0;
        boolean progress = false;
        List<Buffered> kept = new ArrayList<>();
        Buffered head = waiting.peekFirst();
        for (Buffered element : waiting) {
            if (element instanceof Delivery delivery && (element != head || taken == 0)) {
                firstRevision = firstRevision == 0 ? delivery.revision() : firstRevision;
            } else if (isProgress(element)) {
                progress = true;
            } else if (!(element instanceof Buffered.Mark mark && mark.output() instanceof WatchOutput.Lagging)) {
                kept.add(element);
            }
        }
        int takenOfHead = taken;
        clear();
        kept.forEach(this::add);
        taken = takenOfHead;
        return new Dropped(firstRevision, progress);
    }

    /** Takes out what makes up the next output, or null if nothing waits. */
    @Nullable
    Taken take(int maxBytes, boolean fragment) {
        Buffered head = waiting.peekFirst();
        if (head == null) {
            return null;
        }
        if (head instanceof Buffered.Mark mark) {
            removeFirst();
            return () -> mark.output();
        }
        if (head instanceof Buffered.Entries entries) {
            return takeEntries(entries, maxBytes);
        }
        Delivery delivery = (Delivery) head;
        return fragment && (taken > 0 || delivery.bytes() > maxBytes)
                ? takePart(delivery, maxBytes)
                : takeWhole(maxBytes);
    }

    private Taken takeEntries(Buffered.Entries entries, int maxBytes) {
        int from = taken;
        int to = from;
        int size = 0;
        while (to < entries.encoded().size()
                && (to == from || size + entries.encoded().get(to).size() <= maxBytes)) {
            size += entries.encoded().get(to).size();
            to++;
        }
        advance(to, entries.encoded().size());
        List<ByteString> part = entries.encoded().subList(from, to);
        return () -> new WatchOutput.SnapshotEntries(entries.revision(), EncodedList.of(part));
    }

    private Taken takePart(Delivery delivery, int maxBytes) {
        int from = taken;
        int to = from;
        int size = 0;
        while (to < delivery.size() && (to == from || size + delivery.bytes(to) <= maxBytes)) {
            size += delivery.bytes(to);
            to++;
        }
        int end = to;
        boolean more = end < delivery.size();
        advance(end, delivery.size());
        return () -> new WatchOutput.Events(
                delivery.revision(), EncodedList.of(delivery.encoded().subList(from, end)), more);
    }

    private Taken takeWhole(int maxBytes) {
        List<Delivery> whole = new ArrayList<>();
        int size = 0;
        while (waiting.peekFirst() instanceof Delivery next && (whole.isEmpty() || size + next.bytes() <= maxBytes)) {
            whole.add(next);
            size += next.bytes();
            removeFirst();
        }
        long revision = whole.get(whole.size() - 1).revision();
        return () -> new WatchOutput.Events(revision, whole.get(0).together(whole), false);
    }

    private void advance(int to, int size) {
        if (to == size) {
            removeFirst();
        } else {
            taken = to;
        }
    }

    private void removeFirst() {
        Buffered removed = waiting.removeFirst();
        bytes -= removed.bytes();
        if (removed instanceof Delivery) {
            deliveries--;
        }
        taken = 0;
    }

    private static boolean isProgress(Buffered element) {
        return element instanceof Buffered.Mark mark && mark.output() instanceof WatchOutput.Progress;
    }

    /** What was taken out; made into an output outside of any lock, because that may mean encoding. */
    interface Taken {
        WatchOutput output();
    }

    /**
     * What was dropped.
     *
     * @param firstRevision revision of the first dropped events; 0 if there were none
     * @param progress whether a progress mark was among it
     */
    record Dropped(long firstRevision, boolean progress) {}
}
