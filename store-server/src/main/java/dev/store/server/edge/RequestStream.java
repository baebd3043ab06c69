package dev.store.server.edge;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A stream of requests that is answered by a stream. Everything happens in one serial task, the pump: it takes requests, and
 * writes as long as the connection takes more; so what is written to needs no locks and never blocks.
 *
 * @param <Q> requests
 * @param <A> answers
 */
public abstract class RequestStream<Q, A> implements StreamObserver<Q> {
    private final ServerCallStreamObserver<A> call;
    private final SerialTask pump;
    private final Queue<Q> requests = new ConcurrentLinkedQueue<>();

    private volatile boolean halfClosed;
    private volatile boolean canceled;
    private volatile boolean stopping;

    /** Only touched by the pump. */
    private boolean ended;

    /**
     * Makes the stream; {@link #start} takes its first request.
     *
     * @param executor runs the pump
     */
    protected RequestStream(ServerCallStreamObserver<A> call, Executor executor) {
        this.call = call;
        this.pump = new SerialTask(executor, this::run);
    }

    /** Takes the first request. */
    public void start() {
        listen();
        call.request(1);
    }

    /** Listens to the connection, and takes no request yet. */
    protected final void listen() {
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(this::cancel);
        call.disableAutoRequest();
    }

    @Override
    public final void onNext(Q request) {
        requests.add(request);
        wake();
    }

    @Override
    public final void onError(Throwable failure) {
        cancel();
    }

    @Override
    public final void onCompleted() {
        halfClosed = true;
        wake();
    }

    /** The node stops: says what there is to say, then ends the stream. */
    public final void stop() {
        stopping = true;
        wake();
    }

    /** Ends the stream, which nobody listens to any more. */
    protected final void cancel() {
        canceled = true;
        wake();
    }

    /** Has the pump look at what there is to do; returns at once. */
    protected final void wake() {
        pump.schedule();
    }

    private void run() {
        if (ended) {
            return;
        }
        if (canceled) {
            end();
            return;
        }
        try {
            work();
        } catch (RuntimeException e) {
            fail(toGrpc(e));
        }
    }

    /** Takes requests and writes, in the pump. What it throws ends the stream. */
    protected abstract void work();

    /** Gives up what the stream holds; called once, in the pump. */
    protected abstract void release();

    /** A failure as the client is told it. */
    protected StatusRuntimeException toGrpc(Throwable failure) {
        return GrpcErrors.toGrpc(failure);
    }

    /** What a client is told whose stream ends because the node stops. */
    protected StatusRuntimeException stopped() {
        return GrpcErrors.toGrpc(new StoreException(ErrorCode.NOT_READY, "the member is stopping"));
    }

    /** The connection. */
    protected final ServerCallStreamObserver<A> call() {
        return call;
    }

    /** The next request that has come; null if there is none. */
    protected final @Nullable Q nextRequest() {
        return requests.poll();
    }

    /** Whether the connection takes more, and the stream has more to say. */
    protected final boolean isWritable() {
        return !ended && !canceled && call.isReady();
    }

    /** Ends the stream with an error, in the pump. */
    protected final void fail(StatusRuntimeException error) {
        end();
        call.onError(error);
    }

    /** Everything there was to say is said: ends the stream if the client asks for no more, or the node stops. */
    protected final void finishIfDone() {
        if (ended) {
            return;
        }
        if (stopping) {
            fail(stopped());
        } else if (halfClosed && requests.isEmpty()) {
            end();
            call.onCompleted();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            release();
        }
    }
}
