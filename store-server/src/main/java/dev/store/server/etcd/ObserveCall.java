package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Event;
import dev.store.api.v1.ReadOptions;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.KeyspaceView;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.watch.EventEncoding;
import dev.store.raft.watch.WatchOutput;
import dev.store.raft.watch.WatchSpec;
import dev.store.raft.watch.Watcher;
import dev.store.server.edge.SerialTask;
import dev.store.server.etcd.v3.KeyValue;
import dev.store.server.etcd.v3.LeaderResponse;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells who is elected: the present one, then each change of it in order. Keeps the line in memory, as far as it was told of
 * it, and writes as fast as the caller takes it; what the caller does not take waits in the watcher, which bounds it.
 */
final class ObserveCall {
    private static final int OUTPUT_BYTES = 64 * 1024;

    private final EtcdParts parts;
    private final ServerCallStreamObserver<LeaderResponse> call;
    private final KeyRange range;
    private final Consumer<ObserveCall> whenEnded;
    private final SerialTask pump;

    private volatile boolean canceled;
    private volatile boolean stopping;
    private volatile @Nullable Watcher watcher;

    // Only touched by the pump once the watcher is open.
    private final Map<ByteString, KeyValue> candidates = new HashMap<>();
    private long revision;
    private boolean begun;
    private boolean ended;
    private @Nullable KeyValue told;

    /** @param whenEnded is told when the stream holds nothing any more */
    ObserveCall(
            EtcdParts parts,
            ServerCallStreamObserver<LeaderResponse> call,
            ByteString prefix,
            Consumer<ObserveCall> whenEnded) {
        this.parts = parts;
        this.call = call;
        this.range = KeySelection.prefix(prefix);
        this.whenEnded = whenEnded;
        this.pump = new SerialTask(parts.executor(), this::run);
    }

    void start() {
        call.setOnReadyHandler(pump::schedule);
        call.setOnCancelHandler(() -> {
            canceled = true;
            pump.schedule();
        });
        CompletableFuture<Void> read = parts.reads().large(ReadOptions.getDefaultInstance(), view -> {
            load(view);
            return null;
        });
        var unused = read.whenComplete((done, failure) -> {
            if (failure != null) {
                whenEnded.accept(this);
                call.onError(EtcdErrors.of(failure));
                return;
            }
            watcher = parts.replica()
                    .watchHub()
                    .open(
                            new WatchSpec(
                                    range,
                                    revision + 1,
                                    true,
                                    true,
                                    false,
                                    false,
                                    false,
                                    Duration.ZERO,
                                    EventEncoding.STORE),
                            pump::schedule);
            pump.schedule();
        });
    }

    /** The node stops. */
    void stop() {
        stopping = true;
        pump.schedule();
    }

    private void load(KeyspaceView view) {
        revision = view.revision();
        try (KeyspaceView.KeyCursor cursor = view.scan(range, 0)) {
            while (cursor.next()) {
                ByteString key = ScopedKey.key(cursor.scopedKey());
                put(Entries.of(key, cursor.keyRecord(), true));
            }
        }
    }

    private void put(KeyValue entry) {
        candidates.put(entry.getKey(), entry);
        if (candidates.size() > Limits.LOCK_QUEUE) {
            throw new StoreException(
                    ErrorCode.RESULT_TOO_LARGE,
                    "candidates: more than " + Limits.LOCK_QUEUE + " (expected: at most that, to be observed)");
        }
    }

    private void run() {
        Watcher open = watcher;
        if (ended || (open == null && !stopping)) {
            return;
        }
        if (canceled || stopping) {
            end();
            if (!canceled) {
                call.onError(EtcdErrors.stopped());
            }
            return;
        }
        try {
            if (!begun) {
                begun = true;
                tell();
            }
            while (open != null && !ended && call.isReady()) {
                WatchOutput output = open.poll(OUTPUT_BYTES);
                if (output == null) {
                    return;
                }
                take(output);
            }
        } catch (RuntimeException e) {
            end();
            call.onError(EtcdErrors.of(e));
        }
    }

    private void take(WatchOutput output) {
        if (output instanceof WatchOutput.Canceled end) {
            throw new StoreException(end.code(), end.message());
        }
        if (output instanceof WatchOutput.Events events) {
            for (ByteString encoded : events.events().elements()) {
                Event event = EventForm.decoded(encoded);
                revision = event.getEntry().getModRevision();
                if (event.getType() == Event.Type.TYPE_DELETE) {
                    candidates.remove(event.getEntry().getKey());
                } else {
                    put(Entries.of(event.getEntry()));
                }
                tell();
            }
        }
    }

    /** Tells the first of the line, unless it was told; that there is none is not told. */
    private void tell() {
        KeyValue first = candidates.values().stream()
                .min(Comparator.comparingLong(KeyValue::getCreateRevision))
                .orElse(null);
        if (first != null && !first.equals(told)) {
            told = first;
            call.onNext(LeaderResponse.newBuilder()
                    .setHeader(parts.headers().at(revision))
                    .setKv(first)
                    .build());
        }
    }

    private void end() {
        ended = true;
        Watcher open = watcher;
        if (open != null) {
            open.close();
        }
        candidates.clear();
        whenEnded.accept(this);
    }
}
