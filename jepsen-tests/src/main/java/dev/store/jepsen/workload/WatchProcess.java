package dev.store.jepsen.workload;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.v1.Event;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.WatchCanceled;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchProgressRequest;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import dev.store.jepsen.check.Change;
import dev.store.jepsen.check.Sighting;
import dev.store.jepsen.check.SightingText;
import dev.store.jepsen.check.Timeline;
import dev.store.jepsen.cluster.Await;
import dev.store.jepsen.cluster.Node;
import dev.store.jepsen.cluster.RigException;
import dev.store.jepsen.history.Recorder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A watcher that writes down what it sees. When its stream ends it goes on at another node from the last revision seen
 * + 1, as docs/guarantees.md says that anybody may. Safe for use by many threads.
 */
public final class WatchProcess implements AutoCloseable {
    private static final int PROGRESS_MS = 200;
    private static final int RETRY_MS = 50;
    private static final int REMEMBERED = 12;

    private final String name;
    private final String prefix;
    private final Supplier<Node> where;
    private final List<Sighting> sightings = new ArrayList<>();
    private @Nullable StreamObserver<WatchRequest> requests;
    private volatile Duration stall = Duration.ZERO;
    private @Nullable String ended;
    private long next;
    private long seen;
    private int connections;
    private boolean closed;
    /** The last things that happened to its connections, for the message if it never sees what it should. */
    private final ArrayDeque<String> lately = new ArrayDeque<>();

    /**
     * Starts to watch.
     *
     * @param name for messages
     * @param prefix of the keys
     * @param startRevision first revision wanted, greater than 0
     * @param where the node to watch at; asked again for each connection
     */
    public WatchProcess(String name, String prefix, long startRevision, Supplier<Node> where) {
        this.name = name;
        this.prefix = prefix;
        this.where = where;
        this.next = startRevision;
        this.seen = startRevision - 1;
        connect();
    }

    /** Who this is. */
    public String name() {
        return name;
    }

    /** Prefix of the keys that it watches. */
    public String prefix() {
        return prefix;
    }

    /** What was seen so far. */
    public synchronized List<Sighting> sightings() {
        return List.copyOf(sightings);
    }

    /** All changes seen so far, in the order in which they came. */
    public synchronized List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (Sighting sighting : sightings) {
            if (sighting instanceof Sighting.Events events) {
                changes.addAll(events.changes());
            }
        }
        return changes;
    }

    /** How often it had to connect. */
    public synchronized int connections() {
        return connections;
    }

    /** Takes nothing for a while, from the next answer on: a consumer that is too slow. */
    public void stall(Duration time) {
        stall = time;
    }

    /** Breaks the connection, as a network does; it goes on over a new one. */
    public void disconnect() {
        StreamObserver<WatchRequest> stream;
        synchronized (this) {
            stream = requests;
        }
        if (stream != null) {
            note("disconnects");
            stream.onError(io.grpc.Status.CANCELLED.asRuntimeException());
        }
    }

    /** Up to where everything was seen. */
    public synchronized long seen() {
        return seen;
    }

    /** Writes into a history what was seen, and up to where everything must have been. */
    public void record(Recorder.Worker worker, long until) {
        worker.invoke("watched", name, Map.of("key", prefix));
        worker.ok(SightingText.write(sightings()), Map.of("until", until, "connections", (long) connections()));
    }

    /**
     * Waits until everything up to a revision was seen, and an answer of the server: one whose start lies beyond that revision
     * needs to see nothing, but may not have found a node yet that serves it.
     */
    public void awaitRevision(long revision, Duration limit) {
        try {
            Await.until(limit, "revision " + revision + " at watcher " + name, () -> {
                synchronized (this) {
                    if (ended != null) {
                        throw new RigException("watcher " + name + " was ended by the server: " + ended);
                    }
                    return seen >= revision && !sightings.isEmpty();
                }
            });
        } catch (RigException e) {
            // What it has come to by now, not when the waiting began.
            throw new RigException(e.getMessage() + " (" + this + ")", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (requests != null) {
            requests.onError(io.grpc.Status.CANCELLED.asRuntimeException());
        }
    }

    @Override
    public synchronized String toString() {
        return name + " has seen up to " + seen + " over " + connections + " connections; at last " + lately;
    }

    private synchronized void note(String what) {
        if (lately.size() == REMEMBERED) {
            lately.removeFirst();
        }
        lately.add(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + what);
    }

    /** Everything that happened to keys of a prefix, as the history of one node has it. */
    public static Timeline timeline(Node node, String prefix, long from, long until) {
        try (WatchProcess watcher = new WatchProcess("timeline", prefix, from, () -> node)) {
            watcher.awaitRevision(until, Await.PATIENCE);
            return new Timeline(watcher.changes());
        }
    }

    private void connect() {
        try {
            connect(where.get());
        } catch (RuntimeException e) {
            // No node to watch at just now.
            note("cannot connect: " + e);
            reconnect();
        }
    }

    private synchronized void connect(Node node) {
        if (closed) {
            return;
        }
        connections++;
        note("connection " + connections + " at " + node);
        StreamObserver<WatchRequest> stream = node.client().watch().watch(new Stream(connections));
        requests = stream;
        WatchCreate create = WatchCreate.newBuilder()
                .setWatchId(1)
                .setKeys(KeySelector.newBuilder().setPrefix(ByteString.copyFromUtf8(prefix)))
                .setStartRevision(next)
                .setProgressIntervalMs(PROGRESS_MS)
                .build();
        stream.onNext(WatchRequest.newBuilder().setCreate(create).build());
        stream.onNext(WatchRequest.newBuilder()
                .setProgress(WatchProgressRequest.newBuilder().setWatchId(1))
                .build());
    }

    private synchronized void reconnect() {
        if (!closed && ended == null) {
            CompletableFuture<Void> unused = CompletableFuture.runAsync(
                    this::connect, CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS));
        }
    }

    private synchronized void saw(WatchResponse response) {
        if (response.hasCanceled() && response.getCanceled().getCompactRevision() > 0) {
            next = response.getCanceled().getCompactRevision();
            seen = Math.max(seen, next - 1);
            sightings.add(new Sighting.Compacted(next));
        } else if (response.hasCanceled()) {
            canceled(response.getCanceled());
        } else if (response.hasCreated()) {
            sightings.add(new Sighting.Began(response.getCreated().getStartRevision()));
        } else if (response.getProgress()) {
            sightings.add(new Sighting.Progress(response.getRevision()));
        } else if (response.getEventsCount() > 0) {
            List<Change> changes = new ArrayList<>();
            for (Event event : response.getEventsList()) {
                boolean put = event.getType() == Event.Type.TYPE_PUT;
                changes.add(new Change(
                        event.getEntry().getModRevision(),
                        event.getEntry().getKey().toStringUtf8(),
                        put ? event.getEntry().getValue().toStringUtf8() : null));
            }
            sightings.add(new Sighting.Events(changes, response.getFragment()));
        }
        if ((response.getProgress() || response.getEventsCount() > 0) && !response.getFragment()) {
            seen = Math.max(seen, response.getRevision());
            next = seen + 1;
        }
    }

    /** A member that stops in good order says so, and the watch goes on at another one, or at this one later. */
    private void canceled(WatchCanceled canceled) {
        boolean goesOn = Arrays.stream(ErrorCode.values())
                .anyMatch(code -> code.retryable() && code.name().equals(canceled.getReason()));
        if (!goesOn) {
            ended = canceled.getReason() + ": " + canceled.getMessage();
        }
    }

    private final class Stream implements StreamObserver<WatchResponse> {
        private final int number;
        private final java.util.concurrent.atomic.AtomicBoolean over = new java.util.concurrent.atomic.AtomicBoolean();

        Stream(int number) {
            this.number = number;
        }

        @Override
        public void onNext(WatchResponse response) {
            Duration pause = stall;
            if (!pause.isZero()) {
                stall = Duration.ZERO;
                note("stalls for " + pause);
                Await.pass(pause);
                note("goes on");
            }
            if (!over.get()) {
                saw(response);
                if (response.hasCanceled()) {
                    finish("canceled " + response.getCanceled().getReason());
                }
            }
        }

        @Override
        public void onError(Throwable failure) {
            finish(failure.toString());
        }

        @Override
        public void onCompleted() {
            finish("completed");
        }

        private void finish(String how) {
            note("connection " + number + " ends: " + how);
            if (over.compareAndSet(false, true)) {
                reconnect();
            }
        }
    }
}
