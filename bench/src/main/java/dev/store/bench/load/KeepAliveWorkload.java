package dev.store.bench.load;

import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.LeaseKeepAliveRequest;
import dev.store.api.v1.LeaseKeepAliveResponse;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Each client keeps a lease of its own alive on a stream of its own, one message after the other. */
final class KeepAliveWorkload implements Workload {
    private static final long TTL_MILLIS = 60_000;

    private final Connections connections;
    private final int clients;
    private final List<Stream> streams = new ArrayList<>();

    KeepAliveWorkload(Connections connections, int clients) {
        this.connections = connections;
        this.clients = clients;
    }

    @Override
    public String name() {
        return "lease-keepalive";
    }

    @Override
    public void prepare() {
        List<CompletableFuture<LeaseGrantResponse>> granted = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            granted.add(connections.ask(
                    client,
                    LeaseGrpc.getGrantMethod(),
                    LeaseGrantRequest.newBuilder().setTtlMs(TTL_MILLIS).build()));
        }
        for (int client = 0; client < clients; client++) {
            streams.add(new Stream(client, granted.get(client).join().getLeaseId()));
        }
    }

    @Override
    public Operation operation() {
        return (client, done) -> streams.get(client).renew(done);
    }

    @Override
    public void close() {
        streams.forEach(Stream::end);
    }

    /** One client at a time has one message on its way, so its stream needs no lock. */
    private final class Stream implements StreamObserver<LeaseKeepAliveResponse> {
        private final LeaseKeepAliveRequest request;
        private final StreamObserver<LeaseKeepAliveRequest> requests;
        private volatile Operation.@Nullable Done waiting;
        private volatile @Nullable String failure;

        Stream(int client, long leaseId) {
            request = LeaseKeepAliveRequest.newBuilder().addLeaseIds(leaseId).build();
            requests = ClientCalls.asyncBidiStreamingCall(
                    connections.of(client).newCall(LeaseGrpc.getKeepAliveMethod(), CallOptions.DEFAULT), this);
        }

        void renew(Operation.Done done) {
            String ended = failure;
            if (ended != null) {
                done.failed(ended);
                return;
            }
            waiting = done;
            requests.onNext(request);
        }

        void end() {
            if (failure == null) {
                requests.onCompleted();
            }
        }

        @Override
        public void onNext(LeaseKeepAliveResponse response) {
            answer(response.getResults(0).getTtlMs() > 0 ? null : "LEASE_NOT_FOUND");
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
