package dev.store.api.client;

import dev.store.api.v1.WatchCancel;
import dev.store.api.v1.WatchGrpc;
import dev.store.api.v1.WatchProgressRequest;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One bidirectional call that carries watches. It asks for as many responses as it may still hold, so that a slow listener
 * holds up the member, not memory. Used only within {@link WatchStreams}' synchronization context.
 */
final class WatchStream extends ClientCall.Listener<WatchResponse> {
    /** Responses that may be under way or wait for listeners. */
    static final int WINDOW = 32;

    private final WatchStreams streams;
    private final Endpoint endpoint;
    private final ManagedChannel channel;
    private final boolean dedicated;
    private final Map<Long, Watching> watches = new HashMap<>();
    private final ClientCall<WatchRequest, WatchResponse> call;
    private int held;
    private boolean checking;
    private boolean closed;

    WatchStream(WatchStreams streams, Endpoint endpoint, boolean dedicated) {
        this.streams = streams;
        this.endpoint = endpoint;
        this.channel = endpoint.channel();
        this.dedicated = dedicated;
        this.call = channel.newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT);
    }

    void open() {
        call.start(this, new Metadata());
        call.request(WINDOW);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    ManagedChannel channel() {
        return channel;
    }

    boolean closed() {
        return closed;
    }

    int size() {
        return watches.size();
    }

    void create(Watching watching, WatchRequest request) {
        watches.put(request.getCreate().getWatchId(), watching);
        send(request);
    }

    void cancel(long watchId) {
        if (watches.remove(watchId) != null && !closed) {
            send(WatchRequest.newBuilder()
                    .setCancel(WatchCancel.newBuilder().setWatchId(watchId))
                    .build());
        }
    }

    void forget(long watchId) {
        watches.remove(watchId);
    }

    void askProgress(long watchId) {
        send(WatchRequest.newBuilder()
                .setProgress(WatchProgressRequest.newBuilder().setWatchId(watchId))
                .build());
    }

    private void send(WatchRequest request) {
        if (!closed) {
            call.sendMessage(request);
        }
    }

    /** A response that it held was delivered or dropped. */
    void giveBack() {
        held--;
        if (!closed) {
            call.request(1);
        }
    }

    /** Whether nothing can come any more until a listener goes on. */
    boolean full() {
        return held >= WINDOW;
    }

    /** Whether it was held up is known now, and may be asked again. */
    void checked() {
        checking = false;
    }

    /** The watch whose listener holds most. */
    private @Nullable Watching slowest() {
        @Nullable Watching slowest = null;
        for (Watching watching : watches.values()) {
            if (slowest == null || watching.waiting() > slowest.waiting()) {
                slowest = watching;
            }
        }
        return slowest;
    }

    void close() {
        closed = true;
        call.cancel("no watch is left on this stream", null);
    }

    @Override
    public void onMessage(WatchResponse response) {
        streams.context().execute(() -> received(response));
    }

    private void received(WatchResponse response) {
        held++;
        if (!closed) {
            streams.alive(this);
        }
        Watching watching = closed ? null : watches.get(response.getWatchId());
        if (watching == null) {
            giveBack(); // Of a watch that has left this stream.
        } else {
            watching.received(response, this);
        }
        // Its own stream a watch may hold up as long as it likes.
        if (full() && !dedicated && !checking && !closed && watches.size() > 1) {
            Watching slowest = slowest();
            if (slowest != null) {
                checking = true;
                streams.full(this, slowest);
            }
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        Object remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        streams.context().execute(() -> {
            boolean expected = closed;
            closed = true;
            List<Watching> left = new ArrayList<>(watches.values());
            watches.clear();
            streams.ended(this, expected, left, Failures.of(status, trailers, remote, endpoint));
        });
    }
}
