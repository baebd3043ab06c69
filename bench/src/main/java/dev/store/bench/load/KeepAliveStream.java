package dev.store.bench.load;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A stream that keeps one lease alive. One client at a time has one message on its way, so it needs no lock.
 *
 * @param <Q> the message
 * @param <R> its answer
 */
public final class KeepAliveStream<Q, R> implements StreamObserver<R> {
    private final Q request;
    private final Predicate<R> alive;
    private final boolean forOneMessage;
    private final StreamObserver<Q> requests;
    private volatile Operation.@Nullable Done waiting;
    private volatile @Nullable String failure;

    private KeepAliveStream(
            Channel channel, MethodDescriptor<Q, R> method, Q request, Predicate<R> alive, boolean forOneMessage) {
        this.request = request;
        this.alive = alive;
        this.forOneMessage = forOneMessage;
        this.requests = ClientCalls.asyncBidiStreamingCall(channel.newCall(method, CallOptions.DEFAULT), this);
    }

    /**
     * A stream for many messages, one after the other.
     *
     * @param alive whether an answer says that the lease lives
     */
    public static <Q, R> KeepAliveStream<Q, R> open(
            Channel channel, MethodDescriptor<Q, R> method, Q request, Predicate<R> alive) {
        return new KeepAliveStream<>(channel, method, request, alive, false);
    }

    /**
     * Sends one message on a stream of its own; done when the stream has ended.
     *
     * @param alive whether an answer says that the lease lives
     */
    public static <Q, R> void once(
            Channel channel, MethodDescriptor<Q, R> method, Q request, Predicate<R> alive, Operation.Done done) {
        KeepAliveStream<Q, R> stream = new KeepAliveStream<>(channel, method, request, alive, true);
        stream.renew(done);
        stream.end();
    }

    /** Sends a message. */
    public void renew(Operation.Done done) {
        String ended = failure;
        if (ended != null) {
            done.failed(ended);
            return;
        }
        waiting = done;
        requests.onNext(request);
    }

    /** No more messages come. */
    public void end() {
        if (failure == null) {
            requests.onCompleted();
        }
    }

    @Override
    public void onNext(R response) {
        if (!alive.test(response)) {
            answer("LEASE_NOT_FOUND");
        } else if (!forOneMessage) {
            answer(null);
        }
    }

    @Override
    public void onError(Throwable error) {
        failure = Failures.code(error);
        answer(failure);
    }

    @Override
    public void onCompleted() {
        failure = "STREAM_ENDED";
        answer(forOneMessage ? null : failure);
    }

    private void answer(@Nullable String error) {
        Operation.Done done = waiting;
        if (done != null) {
            waiting = null;
            if (error == null) {
                done.succeeded();
            } else {
                done.failed(error);
            }
        }
    }
}
