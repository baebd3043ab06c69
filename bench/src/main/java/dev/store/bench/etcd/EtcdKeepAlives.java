package dev.store.bench.etcd;

import dev.store.bench.load.Connections;
import dev.store.bench.load.Failures;
import dev.store.bench.load.Operation;
import dev.store.bench.load.Workload;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Each client keeps a lease of its own alive: on a stream that stays open, or on a new one for each message. */
final class EtcdKeepAlives implements Workload {
    private final Connections connections;
    private final int clients;
    private final boolean oneCallEach;
    private final List<Renewals> renewals = new ArrayList<>();
    private List<Long> leases = List.of();

    EtcdKeepAlives(Connections connections, int clients, boolean oneCallEach) {
        this.connections = connections;
        this.clients = clients;
        this.oneCallEach = oneCallEach;
    }

    @Override
    public String name() {
        return oneCallEach ? "keepalive" : "keepalive-stream";
    }

    @Override
    public void prepare() {
        leases = new EtcdLeases(connections).grantEach(clients, EtcdLeases.LONG_TTL_SECONDS);
        if (!oneCallEach) {
            for (int client = 0; client < clients; client++) {
                renewals.add(new Renewals(client, leases.get(client)));
            }
        }
    }

    @Override
    public Operation operation() {
        if (!oneCallEach) {
            return (client, done) -> renewals.get(client).renew(done);
        }
        return (client, done) -> {
            Renewals once = new Renewals(client, leases.get(client));
            once.renew(done);
            once.end();
        };
    }

    @Override
    public void close() {
        renewals.forEach(Renewals::end);
    }

    /** A stream on which one message at a time is on its way. */
    private final class Renewals implements StreamObserver<LeaseKeepAliveResponse> {
        private final LeaseKeepAliveRequest request;
        private final StreamObserver<LeaseKeepAliveRequest> requests;
        private volatile Operation.@Nullable Done waiting;
        private volatile @Nullable String failure;

        Renewals(int client, long lease) {
            request = LeaseKeepAliveRequest.newBuilder().setID(lease).build();
            requests = ClientCalls.asyncBidiStreamingCall(
                    connections.of(client).newCall(LeaseGrpc.getLeaseKeepAliveMethod(), CallOptions.DEFAULT), this);
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
            if (response.getTTL() <= 0) {
                answer("LEASE_NOT_FOUND");
            } else if (!oneCallEach) {
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
            answer(oneCallEach ? null : failure);
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
