package dev.store.api.client;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.WatchCanceled;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One watch: it stands between the streams that carry it, one after the other, and its listener. Its fields are used only
 * within {@link WatchStreams}' synchronization context.
 */
final class Watching implements Watch {
    private final WatchPlan plan;
    private final WatchListener listener;
    private final WatchStreams streams;
    private final WatchPosition position;
    private final Delivery delivery;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private @Nullable WatchStream stream;
    private long watchId;
    private boolean created;
    private boolean interrupted;
    private boolean slow;
    private boolean progressAsked;
    private boolean ended;

    Watching(WatchPlan plan, WatchListener listener, WatchStreams streams) {
        this.plan = plan;
        this.listener = listener;
        this.streams = streams;
        this.position = new WatchPosition(plan.create(), plan.deliversFragments());
        this.delivery = new Delivery(streams.executorFor(plan.chosenExecutor()), streams::giveBack, this::broken);
    }

    /** Whether it had a shared stream held up once, and so gets its own. */
    boolean slow() {
        return slow;
    }

    boolean ended() {
        return ended;
    }

    /** How many calls wait for the listener. */
    int waiting() {
        return delivery.waiting();
    }

    /** How many calls the listener was given. */
    long delivered() {
        return delivery.delivered();
    }

    boolean on(WatchStream asked) {
        return stream == asked;
    }

    void attach(WatchStream to, long id) {
        stream = to;
        watchId = id;
        to.create(
                this,
                WatchRequest.newBuilder()
                        .setCreate(position.attach(plan.create(), id))
                        .build());
        if (progressAsked) {
            to.askProgress(id);
        }
    }

    /** The stream is gone. */
    void detached(StoreException cause) {
        stream = null;
        // Told once, and not at all to a listener that does not listen: connections may fail for as long as it sleeps.
        if (!interrupted && delivery.waiting() <= 2 * WatchStream.WINDOW) {
            interrupted = true;
            delivery.add(() -> listener.onInterrupted(cause), null);
        }
    }

    /** Leaves a stream that it holds up, for one of its own, where it goes on. */
    void moveAway() {
        WatchStream held = stream;
        slow = true;
        stream = null;
        if (held != null) {
            held.cancel(watchId);
        }
        delivery.releaseCredits();
        streams.attach(this);
    }

    void received(WatchResponse response, WatchStream from) {
        @Nullable Runnable call;
        try {
            call = call(response, from);
        } catch (WatchPosition.RevisionTooLarge e) {
            from.giveBack();
            end(new StoreException(ErrorCode.RESULT_TOO_LARGE, String.valueOf(e.getMessage())), false);
            return;
        }
        if (call == null) {
            from.giveBack();
        } else {
            delivery.add(call, from);
        }
    }

    /** What the listener is told of a response; null if nothing. */
    private @Nullable Runnable call(WatchResponse response, WatchStream from) throws WatchPosition.RevisionTooLarge {
        if (response.hasCanceled()) {
            from.forget(watchId);
            stream = null;
            canceled(response.getCanceled(), from);
            streams.closeIfEmpty(from);
            return null;
        }
        if (response.hasCreated()) {
            return created(response.getCreated().getStartRevision());
        }
        if (response.hasLagging()) {
            long behind = response.getLagging().getBehindRevision();
            long current = response.getLagging().getCurrentRevision();
            return () -> listener.onLagging(behind, current);
        }
        if (response.getSnapshotComplete()) {
            position.snapshotComplete(response.getRevision());
            return () -> {
                plan.session().saw(response.getRevision());
                listener.onSnapshotComplete(response.getRevision());
            };
        }
        if (response.getSnapshotEntriesCount() > 0) {
            List<Entry> entries = Entry.listOf(response.getSnapshotEntriesList());
            return () -> listener.onSnapshotEntries(entries);
        }
        if (response.getProgress()) {
            if (!position.progress(response.getRevision())) {
                return null;
            }
            progressAsked = false;
            return () -> {
                plan.session().saw(response.getRevision());
                listener.onProgress(response.getRevision());
            };
        }
        WatchEvents events = position.events(response);
        if (events == null) {
            return null;
        }
        return () -> {
            plan.session().saw(events.complete() ? events.revision() : events.revision() - 1);
            listener.onEvents(events);
        };
    }

    private @Nullable Runnable created(long startRevision) {
        position.created(startRevision);
        interrupted = false;
        boolean first = !created;
        boolean snapshot = position.inSnapshot();
        created = true;
        if (!first && !snapshot) {
            return null;
        }
        return () -> {
            if (first) {
                listener.onCreated(startRevision);
            }
            if (snapshot) {
                listener.onSnapshotStarted();
            }
        };
    }

    private void canceled(WatchCanceled canceled, WatchStream from) {
        ErrorCode code = ErrorCode.INTERNAL;
        for (ErrorCode known : ErrorCode.values()) {
            if (known.name().equals(canceled.getReason())) {
                code = known;
            }
        }
        if (code == ErrorCode.COMPACTED && plan.resnapshots()) {
            position.startOver();
            streams.attach(this);
            return;
        }
        Map<String, String> details = code == ErrorCode.COMPACTED
                ? Map.of("compact_revision", Long.toString(canceled.getCompactRevision()))
                : Map.of();
        String message = canceled.getMessage().isEmpty()
                ? "watch: canceled by the member with " + canceled.getReason()
                : canceled.getMessage();
        StoreException cause = new StoreException(code, message, details, null);
        if (code.retryable()) {
            streams.leave(this, from, cause);
        } else {
            end(cause, false);
        }
    }

    /** Ends the watch, after what waits for the listener or at once. */
    void end(@Nullable StoreException cause, boolean atOnce) {
        if (ended) {
            return;
        }
        ended = true;
        WatchStream left = stream;
        stream = null;
        if (left != null) {
            left.cancel(watchId);
        }
        streams.remove(this, left);
        delivery.end(
                () -> {
                    try {
                        listener.onClosed(cause);
                    } finally {
                        if (cause == null) {
                            closed.complete(null);
                        } else {
                            closed.completeExceptionally(cause);
                        }
                    }
                },
                atOnce);
    }

    private void broken(Throwable failure) {
        StoreException cause =
                new StoreException(ErrorCode.INTERNAL, "listener of a watch: " + failure, Map.of(), failure);
        streams.context().execute(() -> end(cause, true));
    }

    @Override
    public void requestProgress() {
        streams.context().execute(() -> {
            progressAsked = true;
            if (stream != null) {
                stream.askProgress(watchId);
            }
        });
    }

    @Override
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    @Override
    public void close() {
        streams.context().execute(() -> end(null, true));
    }
}
