package dev.store.server.edge;

import dev.store.api.error.GrpcErrors;
import io.grpc.SynchronizationContext;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One stream whose messages are answered in the order in which they came. A fixed number of them is under way at a time, so
 * that those of one client share entries of the log and proofs of leadership; the next is taken from the connection when
 * an answer has been written, and answers wait for a client that does not read, which bounds what a stream can hold. It
 * ends with the first failure, after the answers before it.
 */
public final class AnsweredInOrder<Q, A> extends RequestStream<Q, A> {
    private final Function<Q, CompletableFuture<A>> work;

    /** Only touched by the pump. */
    private final Deque<CompletableFuture<A>> underWay = new ArrayDeque<>();

    private AnsweredInOrder(
            ServerCallStreamObserver<A> call, Function<Q, CompletableFuture<A>> work, SynchronizationContext pump) {
        super(call, pump);
        this.work = work;
    }

    /**
     * Takes the first messages.
     *
     * @param call a call of a server
     * @param atOnce how many messages may be under way
     * @param work answers one message; what it throws ends the call
     */
    public static <Q, A> AnsweredInOrder<Q, A> start(
            StreamObserver<A> call, int atOnce, Function<Q, CompletableFuture<A>> work) {
        ServerCallStreamObserver<A> serverCall = (ServerCallStreamObserver<A>) call;
        // The pump runs where a message or an answer arrives: it never waits, and a thread of its own would cost more.
        AnsweredInOrder<Q, A> stream = new AnsweredInOrder<>(
                serverCall,
                work,
                new SynchronizationContext((thread, failure) -> serverCall.onError(GrpcErrors.toGrpc(failure))));
        stream.listen();
        serverCall.request(atOnce);
        return stream;
    }

    @Override
    protected void work() {
        for (Q request = nextRequest(); request != null; request = nextRequest()) {
            CompletableFuture<A> answer = begin(request);
            underWay.add(answer);
            var unused = answer.whenComplete((done, failure) -> wake());
        }
        while (isWritable() && !underWay.isEmpty() && underWay.element().isDone()) {
            call().onNext(underWay.remove().join());
            call().request(1);
        }
        if (underWay.isEmpty()) {
            finishIfDone();
        }
    }

    private CompletableFuture<A> begin(Q request) {
        try {
            return work.apply(request);
        } catch (RuntimeException e) {
            // Told in its turn, like any other failure.
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    protected void release() {
        underWay.clear();
    }
}
