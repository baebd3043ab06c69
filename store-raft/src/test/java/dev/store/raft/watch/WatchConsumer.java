package dev.store.raft.watch;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeyValue;
import java.util.ArrayList;
import java.util.List;

/** A consumer that writes down what it gets. */
final class WatchConsumer {
    final Watcher watcher;
    final List<Event> events = new ArrayList<>();
    final List<ByteString> encoded = new ArrayList<>();
    final List<EncodedList> lists = new ArrayList<>();
    final List<Integer> batchSizes = new ArrayList<>();
    final List<Boolean> fragments = new ArrayList<>();
    final List<String> said = new ArrayList<>();
    int woken;
    int maxBytes = 1_000_000;
    private final ManualThreads threads;

    WatchConsumer(WatchHub hub, ManualThreads threads, WatchSpec spec) {
        this.threads = threads;
        this.watcher = hub.open(spec, () -> woken++);
    }

    /** All that comes out until nothing more does. */
    List<String> read() {
        int from = said.size();
        threads.run();
        while (pollOnce()) {
            threads.run();
        }
        return said.subList(from, said.size());
    }

    boolean pollOnce() {
        WatchOutput output = watcher.poll(maxBytes);
        if (output == null) {
            threads.run();
            output = watcher.poll(maxBytes);
        }
        if (output != null) {
            note(output);
        }
        return output != null;
    }

    List<Long> revisions() {
        return events.stream().map(event -> event.getEntry().getModRevision()).toList();
    }

    private void note(WatchOutput output) {
        if (output instanceof WatchOutput.Events batch) {
            lists.add(batch.events());
            batchSizes.add(batch.events().elements().size());
            fragments.add(batch.fragment());
            encoded.addAll(batch.events().elements());
            batch.events().elements().forEach(this::noteEvent);
        } else if (output instanceof WatchOutput.Created created) {
            said.add("created " + created.startRevision());
        } else if (output instanceof WatchOutput.SnapshotEntries entries) {
            entries.entries().elements().forEach(this::noteEntry);
        } else if (output instanceof WatchOutput.SnapshotComplete complete) {
            said.add("complete " + complete.revision());
        } else if (output instanceof WatchOutput.Progress progress) {
            said.add("progress " + progress.revision());
        } else if (output instanceof WatchOutput.Lagging lagging) {
            said.add("lagging " + lagging.revision());
        } else if (output instanceof WatchOutput.Canceled canceled) {
            said.add("canceled " + canceled.code() + " " + canceled.compactRevision());
        }
    }

    private void noteEvent(ByteString bytes) {
        try {
            Event event = Event.parseFrom(bytes);
            events.add(event);
            KeyValue entry = event.getEntry();
            boolean put = event.getType() == Event.Type.TYPE_PUT;
            said.add(entry.getModRevision()
                    + (put ? ":put " : ":delete ")
                    + entry.getKey().toStringUtf8()
                    + (put ? "=" + entry.getValue().toStringUtf8() : "")
                    + (event.hasPrevious()
                            ? " was " + event.getPrevious().getValue().toStringUtf8()
                            : ""));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private void noteEntry(ByteString bytes) {
        try {
            KeyValue entry = KeyValue.parseFrom(bytes);
            said.add("entry " + entry.getKey().toStringUtf8() + "="
                    + entry.getValue().toStringUtf8());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
