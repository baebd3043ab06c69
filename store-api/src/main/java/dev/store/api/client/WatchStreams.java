package dev.store.api.client;

import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import io.grpc.SynchronizationContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The watches of a client and the streams that carry them: as few as possible, but one of its own for a watch whose
 * listener holds the others up. When a stream ends, its watches go on together on another.
 *
 * <p>Everything here happens within one synchronization context: no locks, no blocking, no listener is called.
 */
final class WatchStreams {
    private static final Backoff BACKOFF = new Backoff(50_000_000L, 2_000_000_000L);
    /** A listener may hold up its neighbours this long. */
    private static final long PATIENCE_NANOS = 500_000_000L;

    private final Connection connection;
    private final SynchronizationContext context;
    private final Set<Watching> watches = new LinkedHashSet<>();
    private final List<WatchStream> shared = new ArrayList<>();
    private @Nullable Endpoint failed;
    private long nextWatchId = 1;
    private int failures;
    private int unreachable;
    private boolean closed;

    WatchStreams(Connection connection) {
        this.connection = connection;
        this.context = new SynchronizationContext((thread, failure) -> broken(failure));
    }

    SynchronizationContext context() {
        return context;
    }

    Executor executorFor(@Nullable Executor chosen) {
        return chosen != null ? chosen : connection.workers();
    }

    void giveBack(WatchStream stream) {
        context.execute(stream::giveBack);
    }

    void add(Watching watching) {
        context.execute(() -> {
            watches.add(watching);
            if (closed) {
                watching.end(closedError(), true);
            } else {
                attach(watching);
            }
        });
    }

    /** Puts a watch on a stream. */
    void attach(Watching watching) {
        if (watching.ended() || closed) {
            return;
        }
        if (watching.waiting() > 2 * WatchStream.WINDOW) {
            // Each new stream brings a window of responses; a listener that does not go on must not collect them.
            connection.timer().after(PATIENCE_NANOS, () -> context.execute(() -> attach(watching)));
            return;
        }
        watching.attach(watching.slow() ? open(true) : sharedStream(), nextWatchId++);
    }

    private WatchStream sharedStream() {
        for (WatchStream stream : shared) {
            if (!stream.closed() && !stream.full() && stream.size() < Limits.WATCHES_PER_STREAM) {
                return stream;
            }
        }
        WatchStream stream = open(false);
        shared.add(stream);
        return stream;
    }

    private WatchStream open(boolean dedicated) {
        WatchStream stream = new WatchStream(this, connection.endpoints().pick(failed), dedicated);
        stream.open();
        return stream;
    }

    /** A stream has brought something. */
    void alive(WatchStream stream) {
        if (failures != 0 || failed != null) {
            failures = 0;
            unreachable = 0;
            failed = null;
        }
        stream.endpoint().succeeded();
    }

    /** A stream has ended; its watches go on elsewhere if that can help. */
    void ended(WatchStream stream, boolean expected, List<Watching> left, StoreException cause) {
        shared.remove(stream);
        if (expected || left.isEmpty()) {
            return;
        }
        stream.endpoint().failed(cause.code(), stream.channel());
        failed = stream.endpoint();
        failures++;
        unreachable = cause.code() == ErrorCode.UNREACHABLE ? unreachable + 1 : 0;
        boolean hopeless =
                switch (cause.code()) {
                    case UNIMPLEMENTED, INVALID_ARGUMENT, TOO_LARGE, RESULT_TOO_LARGE -> true;
                    case UNREACHABLE ->
                        connection.failFast()
                                && unreachable >= connection.endpoints().size();
                    default -> false;
                };
        for (Watching watching : left) {
            watching.detached(cause);
            if (hopeless || closed) {
                watching.end(closed ? closedError() : cause, false);
            }
        }
        if (!hopeless && !closed) {
            attachLater(left);
        }
    }

    /** Puts watches on a stream again, after a pause unless this is the first failure and there is another member. */
    void attachLater(List<Watching> left) {
        if (failures < connection.endpoints().size()
                && failed != null
                && connection.endpoints().size() > 1) {
            context.execute(() -> left.forEach(this::attach));
            return;
        }
        connection.timer().after(BACKOFF.pauseNanos(failures), () -> context.execute(() -> left.forEach(this::attach)));
    }

    /**
     * A stream holds all it may, most of it for {@code slowest}. If that one has hardly gone on after a while, it gets a
     * stream of its own.
     */
    void full(WatchStream stream, Watching slowest) {
        long before = slowest.delivered();
        connection
                .timer()
                .after(
                        PATIENCE_NANOS,
                        () -> context.execute(() -> {
                            stream.checked();
                            if (stream.full()
                                    && slowest.on(stream)
                                    && slowest.delivered() - before < WatchStream.WINDOW) {
                                slowest.moveAway();
                            }
                        }));
    }

    /** The member of this stream will not serve a watch now, which so goes on elsewhere, as will new ones. */
    void leave(Watching watching, WatchStream stream, StoreException cause) {
        shared.remove(stream);
        stream.endpoint().failed(cause.code(), stream.channel());
        failed = stream.endpoint();
        failures++;
        watching.detached(cause);
        attachLater(List.of(watching));
    }

    /** A watch has ended; a stream without watches ends too. */
    void remove(Watching watching, @Nullable WatchStream stream) {
        watches.remove(watching);
        if (stream != null) {
            closeIfEmpty(stream);
        }
    }

    void closeIfEmpty(WatchStream stream) {
        if (stream.size() == 0 && !stream.closed()) {
            shared.remove(stream);
            stream.close();
        }
    }

    private void broken(Throwable failure) {
        StoreException cause = GrpcErrors.fromGrpc(failure);
        context.execute(() -> endAll(cause));
    }

    private void endAll(StoreException cause) {
        for (Watching watching : new ArrayList<>(watches)) {
            watching.end(cause, false);
        }
    }

    private static StoreException closedError() {
        return new StoreException(ErrorCode.CANCELED, "client: closed (expected: open)");
    }

    void close() {
        context.execute(() -> {
            closed = true;
            endAll(closedError());
        });
    }
}
