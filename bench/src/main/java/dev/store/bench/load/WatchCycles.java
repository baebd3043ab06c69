package dev.store.bench.load;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Each client opens a watch on a stream of its own and cancels it as soon as it is there; one operation ends when the
 * cancellation is confirmed.
 *
 * @param <Q> the messages of a client
 * @param <R> those of a member
 */
public final class WatchCycles<Q, R> implements Workload {
    private final String name;
    private final Connections connections;
    private final int clients;
    private final Protocol<Q, R> protocol;
    private final List<Cycle> cycles = new ArrayList<>();

    /**
     * How a system says it.
     *
     * @param create opens the watch of a client
     * @param cancel ends the watch that an answer is about
     * @param created whether an answer says that the watch is there
     * @param canceled whether an answer says that the watch has ended
     */
    public record Protocol<Q, R>(
            MethodDescriptor<Q, R> method,
            IntFunction<Q> create,
            Function<R, Q> cancel,
            Predicate<R> created,
            Predicate<R> canceled) {}

    /** So many clients, which say it like this. */
    public WatchCycles(String name, Connections connections, int clients, Protocol<Q, R> protocol) {
        this.name = name;
        this.connections = connections;
        this.clients = clients;
        this.protocol = protocol;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void prepare() {
        for (int client = 0; client < clients; client++) {
            cycles.add(new Cycle(client));
        }
    }

    @Override
    public Operation operation() {
        return (client, done) -> cycles.get(client).begin(done);
    }

    @Override
    public void close() {
        cycles.forEach(Cycle::end);
    }

    /** The stream of a client, which has one operation at a time, so it needs no lock. */
    private final class Cycle implements StreamObserver<R> {
        private final Q create;
        private final StreamObserver<Q> requests;
        private boolean open;
        private volatile Operation.@Nullable Done waiting;
        private volatile @Nullable String failure;

        Cycle(int client) {
            this.create = protocol.create().apply(client);
            this.requests = ClientCalls.asyncBidiStreamingCall(
                    connections.of(client).newCall(protocol.method(), CallOptions.DEFAULT), this);
        }

        void begin(Operation.Done done) {
            String ended = failure;
            if (ended != null) {
                done.failed(ended);
                return;
            }
            waiting = done;
            requests.onNext(create);
        }

        void end() {
            if (failure == null) {
                // Half-closing does not end a watch stream of etcd.
                requests.onError(
                        Status.CANCELLED.withDescription("the workload is over").asException());
            }
        }

        @Override
        public void onNext(R answer) {
            if (protocol.canceled().test(answer)) {
                answer(open ? null : "WATCH_REFUSED");
                return;
            }
            if (protocol.created().test(answer)) {
                open = true;
                requests.onNext(protocol.cancel().apply(answer));
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
            answer(failure);
        }

        private void answer(@Nullable String error) {
            open = false;
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
}
