package dev.store.bench.load;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Many watchers of what clients put. A put has ended when it is acknowledged and every watcher has its event, so that
 * no system is asked for more than it delivers; each event is timed from the start of its put.
 */
public final class FanOut implements Workload {
    /** The key that is watched. No client puts it for another reason. */
    public static final ByteString KEY = ByteString.copyFromUtf8("watched");

    private static final long OPENING_SECONDS = 120;

    private final Wire wire;
    private final int watchers;
    private final int valueBytes;
    private final Timings timings;
    private final AtomicReferenceArray<@Nullable Pending> pending;
    private final Arrivals arrivals;

    /** So many watchers, and puts by so many clients. */
    public FanOut(Wire wire, LoadSettings settings, int clients, Timings timings) {
        this.wire = wire;
        this.watchers = settings.watchers();
        this.valueBytes = Math.max(Long.BYTES + Integer.BYTES, settings.valueBytes());
        this.timings = timings;
        this.pending = new AtomicReferenceArray<>(clients);
        this.arrivals = new Arrivals();
    }

    /** How a system is watched and written. */
    public interface Wire {
        /** Opens so many watches of what the clients put; tells of each when it is there, and of each event. */
        void watch(int watchers, Arrivals arrivals);

        /** Puts a value for a client. */
        void put(int client, ByteString value, Operation.Done done);

        /** Ends the watches. */
        void close();
    }

    @Override
    public String name() {
        return "watch, " + watchers + " watchers";
    }

    @Override
    public void prepare() {
        wire.watch(watchers, arrivals);
        try {
            arrivals.allOpen.get(OPENING_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IllegalStateException refused ? refused : new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "watches after " + OPENING_SECONDS + " s: " + arrivals.open + " (expected: " + watchers + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while watches were opened", e);
        }
    }

    @Override
    public Operation operation() {
        return this::put;
    }

    @Override
    public void close() {
        wire.close();
    }

    private void put(int client, Operation.Done done) {
        Pending mine = new Pending(System.nanoTime(), new AtomicInteger(watchers + 1), done);
        pending.set(client, mine);
        byte[] value = new byte[valueBytes];
        ByteBuffer.wrap(value).putLong(mine.startNanos()).putInt(client);
        wire.put(client, ByteString.copyFrom(value), new Operation.Done() {
            @Override
            public void succeeded() {
                mine.oneLess();
            }

            @Override
            public void failed(String code) {
                // Its event may come all the same, and must not count for the client's next put.
                pending.compareAndSet(client, mine, null);
                done.failed(code);
            }
        });
    }

    /** Is told what the watchers see. */
    public final class Arrivals {
        private final AtomicInteger open = new AtomicInteger();
        private final CompletableFuture<Void> allOpen = new CompletableFuture<>();

        private Arrivals() {}

        /** A watch is there. */
        public void opened() {
            if (open.incrementAndGet() == watchers) {
                allOpen.complete(null);
            }
        }

        /** A watcher has got this value. */
        public void got(ByteString value) {
            ByteBuffer bytes = value.asReadOnlyByteBuffer();
            long startNanos = bytes.getLong();
            Pending waiting = pending.get(bytes.getInt());
            timings.event(System.nanoTime() - startNanos);
            if (waiting != null && waiting.startNanos() == startNanos) {
                waiting.oneLess();
            }
        }

        /** A watcher was told that the client's key has changed, but not to what. */
        public void told(int client) {
            Pending waiting = pending.get(client);
            if (waiting != null) {
                timings.event(System.nanoTime() - waiting.startNanos());
                waiting.oneLess();
            }
        }

        /** A watch has ended, or lost something, or could not be opened. */
        public void failed(String code) {
            timings.failed("WATCH_" + code);
            allOpen.completeExceptionally(
                    new IllegalStateException("a watch ended before all " + watchers + " were open: " + code));
        }
    }

    /** A put for which an acknowledgement and events are awaited. */
    private record Pending(long startNanos, AtomicInteger left, Operation.Done done) {
        void oneLess() {
            if (left.decrementAndGet() == 0) {
                done.succeeded();
            }
        }
    }
}
