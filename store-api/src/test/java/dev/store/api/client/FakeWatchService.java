package dev.store.api.client;

import dev.store.api.v1.Event;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.WatchCanceled;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchCreated;
import dev.store.api.v1.WatchGrpc;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The watch protocol over a {@link FakeHistory}: cuts responses at random places, and breaks streams at random times if it
 * is told to.
 */
final class FakeWatchService extends WatchGrpc.WatchImplBase {
    private final FakeHistory history;
    private Random random = new Random(1);
    private final List<WatchCreate> creates = new ArrayList<>();
    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private int breakOneIn;
    private String refusal = "";
    private int refusals;
    private int sent;
    private int cancels;

    FakeWatchService(FakeHistory history) {
        this.history = history;
        history.onAppend(() -> streams.forEach(Stream::pump));
    }

    /** What it draws from. */
    synchronized FakeWatchService seed(long seed) {
        random = new Random(seed);
        return this;
    }

    /** Breaks a stream after one in this many responses; 0 means never. */
    synchronized FakeWatchService breakOneIn(int responses) {
        breakOneIn = responses;
        return this;
    }

    /** Refuses the next watches. */
    synchronized FakeWatchService refuse(int watches, String reason) {
        refusals = watches;
        refusal = reason;
        return this;
    }

    void breakAll() {
        for (Stream stream : streams) {
            stream.breakOff();
        }
    }

    /** Tells all watches that nothing but the time went on. */
    void progress() {
        streams.forEach(Stream::progress);
    }

    synchronized List<WatchCreate> creates() {
        return List.copyOf(creates);
    }

    synchronized int sent() {
        return sent;
    }

    synchronized int cancels() {
        return cancels;
    }

    int openStreams() {
        return streams.size();
    }

    synchronized void awaitCreates(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (creates.size() < count) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("watches created: " + creates.size() + " (expected: " + count + ")");
            }
            wait(left);
        }
    }

    private synchronized boolean breaksNow() {
        sent++;
        return breakOneIn > 0 && random.nextInt(breakOneIn) == 0;
    }

    private synchronized int draw(int bound) {
        return random.nextInt(bound);
    }

    @Override
    public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> out) {
        return new Stream((ServerCallStreamObserver<WatchResponse>) out);
    }

    /** What one watch of a stream was sent. */
    private static final class Sent {
        private long next;
        private int index;
        private List<KeyValue> snapshot = List.of();
        private boolean inSnapshot;
    }

    private final class Stream implements StreamObserver<WatchRequest> {
        private final ServerCallStreamObserver<WatchResponse> out;
        private final Map<Long, Sent> watches = new LinkedHashMap<>();
        private boolean broken;

        Stream(ServerCallStreamObserver<WatchResponse> out) {
            this.out = out;
            out.setOnReadyHandler(this::pump);
            out.setOnCancelHandler(() -> streams.remove(this));
            streams.add(this);
        }

        @Override
        public void onNext(WatchRequest request) {
            switch (request.getRequestCase()) {
                case CREATE -> create(request.getCreate());
                case CANCEL -> cancel(request.getCancel().getWatchId());
                case PROGRESS -> progress();
                case REQUEST_NOT_SET -> throw new IllegalStateException("empty request");
            }
            pump();
        }

        private synchronized void create(WatchCreate create) {
            String reason = "";
            synchronized (FakeWatchService.this) {
                creates.add(create);
                FakeWatchService.this.notifyAll();
                if (refusals > 0) {
                    refusals--;
                    reason = refusal;
                }
            }
            if (create.getStartRevision() > 0 && create.getStartRevision() < history.compacted()) {
                reason = "COMPACTED";
            }
            if (!reason.isEmpty()) {
                send(response(create.getWatchId())
                        .setCanceled(
                                WatchCanceled.newBuilder().setReason(reason).setCompactRevision(history.compacted())));
                return;
            }
            Sent watch = new Sent();
            watch.next = create.getStartRevision() > 0 ? create.getStartRevision() : history.revision() + 1;
            if (create.getSnapshot()) {
                watch.snapshot = history.stateAt(history.revision());
                watch.inSnapshot = true;
            }
            if (send(response(create.getWatchId())
                    .setCreated(WatchCreated.newBuilder().setStartRevision(watch.next)))) {
                watches.put(create.getWatchId(), watch);
            }
        }

        private synchronized void cancel(long id) {
            synchronized (FakeWatchService.this) {
                cancels++;
            }
            if (watches.remove(id) != null) {
                send(response(id).setCanceled(WatchCanceled.newBuilder().setReason("CANCELED")));
            }
        }

        private synchronized void progress() {
            for (Map.Entry<Long, Sent> watch : watches.entrySet()) {
                if (watch.getValue().next > history.revision()) {
                    send(response(watch.getKey()).setProgress(true).setRevision(watch.getValue().next - 1));
                }
            }
        }

        private synchronized void pump() {
            boolean more = true;
            while (more && !broken) {
                more = false;
                for (Map.Entry<Long, Sent> watch : watches.entrySet()) {
                    if (out.isReady() && !broken) {
                        more |= step(watch.getKey(), watch.getValue());
                    }
                }
            }
        }

        private boolean step(long id, Sent watch) {
            if (watch.inSnapshot) {
                return snapshotStep(id, watch);
            }
            if (watch.next < 2) {
                watch.next = 2;
            }
            if (watch.next > history.revision()) {
                return false;
            }
            // Some events of the next revision, or the rest of it with some whole ones after it.
            List<Event> events = history.events(watch.next);
            WatchResponse.Builder response = response(id);
            int left = events.size() - watch.index;
            int take = 1 + draw(left);
            response.addAllEvents(events.subList(watch.index, watch.index + take));
            response.setRevision(watch.next);
            watch.index += take;
            if (watch.index < events.size()) {
                response.setFragment(true);
            } else {
                watch.next++;
                watch.index = 0;
                while (watch.next <= history.revision() && draw(3) == 0) {
                    response.addAllEvents(history.events(watch.next)).setRevision(watch.next);
                    watch.next++;
                }
            }
            return send(response);
        }

        private boolean snapshotStep(long id, Sent watch) {
            if (!watch.snapshot.isEmpty()) {
                int take = 1 + draw(Math.min(5, watch.snapshot.size()));
                WatchResponse.Builder response = response(id).addAllSnapshotEntries(watch.snapshot.subList(0, take));
                watch.snapshot = watch.snapshot.subList(take, watch.snapshot.size());
                return send(response);
            }
            watch.inSnapshot = false;
            return send(response(id).setSnapshotComplete(true).setRevision(watch.next - 1));
        }

        private WatchResponse.Builder response(long id) {
            return WatchResponse.newBuilder().setWatchId(id);
        }

        private synchronized boolean send(WatchResponse.Builder response) {
            if (broken) {
                return false;
            }
            out.onNext(response.build());
            if (breaksNow()) {
                breakOff();
                return false;
            }
            return true;
        }

        private synchronized void breakOff() {
            if (!broken) {
                broken = true;
                streams.remove(this);
                out.onError(Status.UNAVAILABLE.withDescription("scripted").asRuntimeException());
            }
        }

        @Override
        public void onError(Throwable failure) {
            streams.remove(this);
        }

        @Override
        public void onCompleted() {
            streams.remove(this);
            out.onCompleted();
        }
    }
}
