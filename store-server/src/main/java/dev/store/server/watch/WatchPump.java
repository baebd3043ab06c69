package dev.store.server.watch;

import dev.store.raft.watch.WatchOutput;
import dev.store.server.edge.RequestStream;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One gRPC stream with its watches, in whichever protocol.
 *
 * <p>The pump goes round the watches that have something to say, so that a busy one does not starve the others. What is not
 * written stays in the watchers, which bound it; the next request is only taken from the connection when the one before
 * has been dealt with.
 *
 * @param <Q> requests
 */
public abstract class WatchPump<Q> extends RequestStream<Q, WatchFrame> {
    private static final int FRAME_BYTES = 128 * 1024;
    /** After so many frames other streams get their turn on the thread. */
    private static final int FRAMES_PER_TURN = 64;

    private final Consumer<? super WatchPump<Q>> whenEnded;
    private final Queue<OpenWatch> readable = new ConcurrentLinkedQueue<>();
    /** Only touched by the pump. */
    private final ArrayDeque<WatchFrame> answers = new ArrayDeque<>();

    /**
     * Makes the stream; {@link #start} takes its first request.
     *
     * @param whenEnded is told when the stream holds nothing any more
     */
    protected WatchPump(
            ServerCallStreamObserver<WatchFrame> call, Executor executor, Consumer<? super WatchPump<Q>> whenEnded) {
        super(call, executor);
        this.whenEnded = whenEnded;
    }

    /** Does what is asked for. */
    protected abstract void handle(Q request);

    /** Writes what a watch says. */
    protected abstract void emit(OpenWatch watch, WatchOutput output);

    /** Ends all watches. */
    protected abstract void closeWatches();

    /** Has an answer to a request written before anything of the watches. */
    protected final void answer(WatchFrame frame) {
        answers.add(frame);
    }

    /** Has a watch say what it has to say in its turn; may be called by any thread. */
    protected final void enqueue(OpenWatch watch) {
        readable.add(watch);
        wake();
    }

    @Override
    protected final void release() {
        closeWatches();
        readable.clear();
        answers.clear();
        whenEnded.accept(this);
    }

    @Override
    protected final void work() {
        takeRequests();
        int frames = 0;
        while (isWritable()) {
            if (frames++ == FRAMES_PER_TURN) {
                wake();
                return;
            }
            WatchFrame answer = answers.poll();
            if (answer != null) {
                call().onNext(answer);
                if (answers.isEmpty()) {
                    call().request(1);
                    takeRequests();
                }
                continue;
            }
            OpenWatch watch = readable.poll();
            if (watch == null) {
                finishIfDone();
                return;
            }
            WatchOutput output = watch.poll(FRAME_BYTES);
            if (output != null) {
                emit(watch, output);
            }
        }
    }

    private void takeRequests() {
        while (answers.isEmpty()) {
            @Nullable Q request = nextRequest();
            if (request == null) {
                return;
            }
            handle(request);
            if (answers.isEmpty()) {
                call().request(1);
            }
        }
    }
}
