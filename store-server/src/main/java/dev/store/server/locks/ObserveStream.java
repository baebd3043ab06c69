package dev.store.server.locks;

import dev.store.api.v1.ObserveLockResponse;
import dev.store.server.edge.Headers;
import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * One caller who follows the holder of a lock. It is told the newest state when it can take one, so that a slow one costs
 * one message of memory and nobody's time.
 */
final class ObserveStream implements QueueView.Observer {
    private final Headers headers;
    private final ServerCallStreamObserver<ObserveLockResponse> call;
    private @Nullable State untold;
    private boolean sending;
    private boolean ended;

    private record State(long revision, @Nullable Entry holder) {}

    ObserveStream(Headers headers, ServerCallStreamObserver<ObserveLockResponse> call) {
        this.headers = headers;
        this.call = call;
    }

    @Override
    public void onHolder(long revision, @Nullable Entry holder) {
        synchronized (this) {
            untold = new State(revision, holder);
        }
        send();
    }

    /** The caller can take more. */
    void onReady() {
        send();
    }

    /** The caller is gone, or is told to go to another member. */
    void end(@Nullable Throwable error) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        if (error != null) {
            call.onError(error);
        }
    }

    private void send() {
        synchronized (this) {
            if (sending) {
                return; // Whoever sends looks again before it stops.
            }
            sending = true;
        }
        State next = next();
        while (next != null) {
            ObserveLockResponse.Builder response =
                    ObserveLockResponse.newBuilder().setHeader(headers.at(next.revision));
            if (next.holder != null) {
                response.setHolder(next.holder.holder());
            }
            call.onNext(response.build());
            next = next();
        }
    }

    private synchronized @Nullable State next() {
        State state = ended || !call.isReady() ? null : untold;
        if (state == null) {
            sending = false;
        } else {
            untold = null;
        }
        return state;
    }
}
