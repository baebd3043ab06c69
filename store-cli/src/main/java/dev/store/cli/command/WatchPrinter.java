package dev.store.cli.command;

import dev.store.api.client.Entry;
import dev.store.api.client.Watch;
import dev.store.api.client.WatchEvent;
import dev.store.api.client.WatchEvents;
import dev.store.api.client.WatchListener;
import dev.store.api.error.StoreException;
import dev.store.api.v1.KeyValue;
import dev.store.cli.print.Json;
import dev.store.cli.print.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Prints what a watch tells, at once. Called by one thread at a time. */
final class WatchPrinter implements WatchListener {
    private static final int REVISION_WIDTH = 8;

    private final Context context;
    private final boolean inJson;
    private final boolean withProgress;
    private final long limit;
    private final CountDownLatch begun = new CountDownLatch(1);
    private long printed;
    private boolean closing;
    private volatile @Nullable Watch watch;
    private volatile @Nullable StoreException interruption;
    private volatile @Nullable IOException outputFailure;

    /**
     * @param withProgress whether progress was asked for
     * @param limit number of changes after which the watch is closed; 0 for none
     */
    WatchPrinter(Context context, boolean inJson, boolean withProgress, long limit) {
        this.context = context;
        this.inJson = inJson;
        this.withProgress = withProgress;
        this.limit = limit;
    }

    /** Tells which watch to close in the end. */
    void attach(Watch started) {
        watch = started;
    }

    /** Waits until the watch exists or has ended. */
    boolean awaitCreated(long timeoutMillis) {
        try {
            return begun.await(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Nullable
    StoreException interruption() {
        return interruption;
    }

    @Nullable
    IOException outputFailure() {
        return outputFailure;
    }

    @Override
    public void onCreated(long startRevision) {
        if (inJson) {
            print(new Json()
                    .object()
                    .field("type", "created")
                    .field("start_revision", startRevision)
                    .endObject()
                    .take());
        }
        begun.countDown();
    }

    @Override
    public void onSnapshotEntries(List<Entry> entries) {
        for (Entry entry : entries) {
            if (inJson) {
                event("entry", entry.modRevision(), entry, null);
            } else {
                line(entry.modRevision(), "entry", entry, null);
            }
        }
    }

    @Override
    public void onSnapshotComplete(long revision) {
        mark("snapshot_complete", revision, "these are all entries; changes follow");
    }

    @Override
    public void onProgress(long revision) {
        if (withProgress) {
            mark("progress", revision, "nothing new");
        }
    }

    @Override
    public void onEvents(WatchEvents events) {
        for (WatchEvent event : events.events()) {
            if (closing) {
                return;
            }
            String type = event.type() == WatchEvent.Type.PUT ? "put" : "delete";
            if (inJson) {
                event(type, event.revision(), event.entry(), event.previous().orElse(null));
            } else {
                line(event.revision(), type, event.entry(), event.previous().orElse(null));
            }
            printed++;
            if (printed == limit) {
                close();
            }
        }
    }

    private void close() {
        closing = true;
        Watch open = watch;
        while (open == null) {
            // The first event may come before the command has its hands on the watch.
            Thread.onSpinWait();
            open = watch;
        }
        open.close();
    }

    @Override
    public void onLagging(long behindRevision, long currentRevision) {
        tell("this watch is slow: at revision " + behindRevision + " of " + currentRevision + "; nothing is lost");
    }

    @Override
    public void onInterrupted(StoreException cause) {
        interruption = cause;
        if (begun.getCount() == 0) {
            tell("connection lost, going on with the next member: " + cause.getMessage());
        }
    }

    @Override
    public void onClosed(@Nullable StoreException cause) {
        begun.countDown();
    }

    private void event(String type, long revision, Entry entry, @Nullable Entry previous) {
        Json json = new Json().object().field("type", type).field("revision", revision);
        if (type.equals("delete")) {
            json.object("entry").bytes("key", entry.key().toByteString());
            json.field("mod_revision", entry.modRevision())
                    .field("modified_at_ms", entry.modifiedAtMillis())
                    .field("modified_by", entry.modifiedBy())
                    .endObject();
        } else {
            Entries.object(json, "entry", message(entry));
        }
        if (previous != null) {
            Entries.object(json, "previous", message(previous));
        }
        print(json.endObject().take());
    }

    private void line(long revision, String type, Entry entry, @Nullable Entry previous) {
        StringBuilder text = new StringBuilder(padded(Long.toString(revision), REVISION_WIDTH));
        text.append(padded(type, REVISION_WIDTH)).append(Text.line(entry.key().toByteString()));
        if (!type.equals("delete")) {
            text.append("  ").append(Text.line(entry.value().toByteString()));
        }
        if (previous != null) {
            text.append("  (was ")
                    .append(Text.line(previous.value().toByteString()))
                    .append(')');
        }
        print(text.toString());
    }

    private void mark(String type, long revision, String words) {
        print(
                inJson
                        ? new Json()
                                .object()
                                .field("type", type)
                                .field("revision", revision)
                                .endObject()
                                .take()
                        : padded(Long.toString(revision), REVISION_WIDTH) + "-- " + words);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(1, width - text.length()));
    }

    private void print(String line) {
        try {
            context.println(line);
            context.out().flush();
        } catch (IOException e) {
            // Ends the watch; the command then tells why.
            outputFailure = e;
            throw new UncheckedIOException(e);
        }
    }

    private void tell(String words) {
        context.err().println("store: " + words);
        context.err().flush();
    }

    private static KeyValue message(Entry entry) {
        return KeyValue.newBuilder()
                .setKey(entry.key().toByteString())
                .setValue(entry.value().toByteString())
                .setCreateRevision(entry.createRevision())
                .setModRevision(entry.modRevision())
                .setVersion(entry.version())
                .setLeaseId(entry.leaseId())
                .setCreatedAtMs(entry.createdAtMillis())
                .setModifiedAtMs(entry.modifiedAtMillis())
                .setModifiedBy(entry.modifiedBy())
                .build();
    }
}
