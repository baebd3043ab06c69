package dev.store.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.v1.Event;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One watch stream with what came out of it. */
public final class WatchCall implements ClientResponseObserver<WatchRequest, WatchResponse>, AutoCloseable {
    private final LinkedBlockingQueue<WatchResponse> everything = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final boolean reading;
    private @Nullable ClientCallStreamObserver<WatchRequest> requests;

    private WatchCall(boolean reading) {
        this.reading = reading;
    }

    /** A stream that takes what comes. */
    public static WatchCall open(TestCluster.Node node) {
        WatchCall call = new WatchCall(true);
        var unused = node.watch().watch(call);
        return call;
    }

    /** A stream that takes one response, and then only what {@link #read} asks for. */
    public static WatchCall openStalled(TestCluster.Node node) {
        WatchCall call = new WatchCall(false);
        var unused = node.watch().watch(call);
        call.read(1);
        return call;
    }

    public void create(WatchCreate.Builder create) {
        send(WatchRequest.newBuilder().setCreate(create));
    }

    public void send(WatchRequest.Builder request) {
        call().onNext(request.build());
    }

    /** Takes more responses. */
    public void read(int count) {
        call().request(count);
    }

    /** The next response of any kind. */
    public WatchResponse nextOfAll() throws InterruptedException {
        return taken(everything.poll(20, TimeUnit.SECONDS));
    }

    /** The next response without events. */
    public WatchResponse next() throws InterruptedException {
        return taken(responses.poll(20, TimeUnit.SECONDS));
    }

    /** The next event, in whichever response. */
    public Event nextEvent() throws InterruptedException {
        return taken(events.poll(20, TimeUnit.SECONDS));
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<WatchRequest> call) {
        requests = call;
        if (!reading) {
            call.disableAutoRequestWithInitial(0);
        }
    }

    @Override
    public void onNext(WatchResponse response) {
        everything.add(response);
        if (response.getEventsCount() > 0) {
            events.addAll(response.getEventsList());
        } else {
            responses.add(response);
        }
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}

    @Override
    public void close() {
        call().onCompleted();
    }

    private ClientCallStreamObserver<WatchRequest> call() {
        return Objects.requireNonNull(requests, "requests");
    }

    private static <T> T taken(@Nullable T polled) {
        assertThat(polled).as("something within 20 s").isNotNull();
        return Objects.requireNonNull(polled);
    }
}
