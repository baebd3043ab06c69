package dev.store.server.etcd;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.Replica;
import dev.store.raft.watch.WatchHub;
import dev.store.raft.watch.WatchOutput;
import dev.store.raft.watch.WatchSpec;
import dev.store.server.etcd.v3.WatchCreateRequest;
import dev.store.server.etcd.v3.WatchRequest;
import dev.store.server.etcd.v3.WatchResponse;
import dev.store.server.watch.OpenWatch;
import dev.store.server.watch.WatchFrame;
import dev.store.server.watch.WatchLimits;
import dev.store.server.watch.WatchPump;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One stream of an etcd client with its watches. Like the stream of Store's own watch service it lives in one pump;
 * what it says, and when, is etcd's.
 */
final class EtcdWatchStream extends WatchPump<WatchRequest> {
    /** Progress requests that wait for watches to catch up; each later one asks for more, so older ones are done by it. */
    private static final int PROGRESS_REQUESTS = 64;
    /** Stands for no watch, or for all of them. */
    private static final long NO_WATCH = -1;

    private final Parts parts;

    // Only touched by the pump.
    private final Map<Long, Watching> watches = new LinkedHashMap<>();
    private final ArrayDeque<StreamProgress> progress = new ArrayDeque<>();
    private final EventHeads heads;
    private long nextId;

    /** What all streams share. */
    record Parts(Replica replica, WatchHub hub, WatchLimits limits, EtcdHeaders headers, Origin origin) {}

    /** One watch, and what its client must still be told or is not to be told. */
    private static final class Watching {
        final OpenWatch open;
        final WatchSpec spec;
        boolean created;

        Watching(OpenWatch open, WatchSpec spec) {
            this.open = open;
            this.spec = spec;
        }
    }

    EtcdWatchStream(
            ServerCallStreamObserver<WatchFrame> call,
            Parts parts,
            Executor executor,
            Consumer<? super WatchPump<WatchRequest>> whenEnded) {
        super(call, executor, whenEnded);
        this.parts = parts;
        this.heads = new EventHeads(parts.headers);
    }

    /** Takes the first request once there is a revision to watch from. */
    @Override
    public void start() {
        listen();
        var unused = parts.origin
                .before(() -> CompletableFuture.completedFuture(true))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        call().request(1);
                    } else {
                        cancel();
                        call().onError(EtcdErrors.of(failure));
                    }
                });
    }

    @Override
    protected StatusRuntimeException toGrpc(Throwable failure) {
        return EtcdErrors.of(failure);
    }

    @Override
    protected StatusRuntimeException stopped() {
        return EtcdErrors.stopped();
    }

    @Override
    protected void emit(OpenWatch open, WatchOutput output) {
        Watching watching = watches.get(open.id());
        if (watching != null && watching.open == open) {
            emit(watching, output);
        }
    }

    private void emit(Watching watching, WatchOutput output) {
        long id = watching.open.id();
        if (output instanceof WatchOutput.Canceled end) {
            canceledByHub(watching, end);
            return;
        }
        watching.open.readable();
        if (output instanceof WatchOutput.Created created) {
            watching.created = true;
            // The client goes on from the revision after this one if it asked for no other.
            long revision = watching.spec.startRevision() == 0 ? created.startRevision() - 1 : created.revision();
            call().onNext(frame(response(id, revision).setCreated(true)));
        } else if (output instanceof WatchOutput.Events events) {
            call().onNext(WatchFrame.of(
                    heads.of(id, events.revision(), events.fragment()),
                    events.events().asField(WatchResponse.EVENTS_FIELD_NUMBER)));
        } else if (output instanceof WatchOutput.Progress reached) {
            boolean asked = false;
            for (StreamProgress each : progress) {
                asked |= each.reached(id, reached.revision());
            }
            if (!asked && !watching.spec.progressInterval().isZero()) {
                call().onNext(frame(response(id, reached.revision())));
            }
            answerProgress(call()::onNext);
        }
        // That a watch lags is nothing that etcd tells.
    }

    /** The hub has ended a watch. One that can go on elsewhere ends the stream: clients then resume all of it. */
    private void canceledByHub(Watching watching, WatchOutput.Canceled end) {
        long id = watching.open.id();
        if (end.code().retryable()) {
            fail(end.code() == ErrorCode.NOT_READY ? EtcdErrors.stopped() : EtcdErrors.noLeader());
            return;
        }
        forget(id);
        long revision = parts.replica.info().revision();
        if (!watching.created) {
            call().onNext(frame(response(id, revision).setCreated(true)));
        }
        String reason = end.code() == ErrorCode.COMPACTED
                ? String.valueOf(EtcdErrors.compacted().getStatus().getDescription())
                : end.message();
        call().onNext(frame(response(id, revision)
                .setCanceled(true)
                .setCompactRevision(end.compactRevision())
                .setCancelReason(reason)));
        answerProgress(call()::onNext);
    }

    @Override
    protected void closeWatches() {
        watches.values().forEach(watching -> watching.open.close());
        watches.clear();
        progress.clear();
    }

    @Override
    protected void handle(WatchRequest request) {
        switch (request.getRequestUnionCase()) {
            case CREATE_REQUEST -> create(request.getCreateRequest());
            case CANCEL_REQUEST -> cancelWatch(request.getCancelRequest().getWatchId());
            case PROGRESS_REQUEST -> askProgress();
            // As in etcd: a request of a kind that a later client may know is passed over.
            case REQUESTUNION_NOT_SET -> {}
        }
    }

    private void create(WatchCreateRequest create) {
        long id = create.getWatchId();
        try {
            if (id != 0 && watches.containsKey(id)) {
                throw EtcdErrors.plain("mvcc: duplicate watch ID provided on the WatchStream");
            }
            parts.limits.check(watches.size(), parts.hub.size());
            WatchSpec spec = WatchForm.of(create);
            OpenWatch open = new OpenWatch(id == 0 ? chooseId() : id, this::enqueue);
            watches.put(open.id(), new Watching(open, spec));
            open.open(parts.hub, spec);
        } catch (StatusRuntimeException e) {
            refuse(String.valueOf(e.getStatus().getDescription()));
        } catch (StoreException e) {
            refuse(String.valueOf(e.getMessage()));
        }
    }

    /** A watch that cannot be is said to be created and canceled at once. */
    private void refuse(String reason) {
        answer(frame(response(NO_WATCH, parts.replica.info().revision())
                .setCreated(true)
                .setCanceled(true)
                .setCancelReason(reason)));
    }

    /** Unknown ones are passed over: the client may not know yet that the watch has ended. */
    private void cancelWatch(long id) {
        if (forget(id)) {
            answer(frame(response(id, parts.replica.info().revision()).setCanceled(true)));
            answerProgress(this::answer);
        }
    }

    private boolean forget(long id) {
        Watching watching = watches.remove(id);
        if (watching == null) {
            return false;
        }
        watching.open.close();
        progress.forEach(each -> each.ended(id));
        return true;
    }

    private void askProgress() {
        long current = parts.replica.info().revision();
        StreamProgress asked = new StreamProgress(current);
        for (Watching watching : watches.values()) {
            if (watching.spec.startRevision() > current) {
                asked.startsAt(watching.spec.startRevision());
            } else {
                asked.awaits(watching.open.id());
                watching.open.requestProgress();
            }
        }
        if (progress.size() == PROGRESS_REQUESTS) {
            progress.removeFirst();
        }
        progress.add(asked);
        answerProgress(this::answer);
    }

    /** @param out takes what can be answered: at once while writing, after what was asked before while taking requests */
    private void answerProgress(Consumer<WatchFrame> out) {
        for (Iterator<StreamProgress> each = progress.iterator(); each.hasNext(); ) {
            var complete = each.next().complete();
            if (complete.isPresent()) {
                each.remove();
                out.accept(frame(response(NO_WATCH, complete.getAsLong())));
            }
        }
    }

    private WatchResponse.Builder response(long id, long revision) {
        return WatchResponse.newBuilder().setHeader(parts.headers.at(revision)).setWatchId(id);
    }

    private static WatchFrame frame(WatchResponse.Builder response) {
        return WatchFrame.of(response.build());
    }

    private long chooseId() {
        while (watches.containsKey(nextId)) {
            nextId++;
        }
        return nextId++;
    }
}
