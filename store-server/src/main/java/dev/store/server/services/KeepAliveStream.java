package dev.store.server.services;

import dev.store.api.error.GrpcErrors;
import dev.store.api.v1.LeaseKeepAliveRequest;
import dev.store.api.v1.LeaseKeepAliveResponse;
import dev.store.api.v1.LeaseKeepAliveResult;
import dev.store.raft.Replica;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.v1.KeepAliveReply;
import dev.store.server.edge.Headers;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One keepalive stream. Messages are answered in order, one at a time: the next is taken from the connection when the
 * one before is answered, which also bounds what a stream can hold.
 */
final class KeepAliveStream implements StreamObserver<LeaseKeepAliveRequest> {
    private final Replica replica;
    private final Headers headers;
    private final ServerCallStreamObserver<LeaseKeepAliveResponse> call;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean halfClosed;

    KeepAliveStream(Replica replica, Headers headers, ServerCallStreamObserver<LeaseKeepAliveResponse> call) {
        this.replica = replica;
        this.headers = headers;
        this.call = call;
        call.setOnCancelHandler(() -> closed.set(true));
        call.disableAutoRequest();
        call.request(1);
    }

    @Override
    public void onNext(LeaseKeepAliveRequest request) {
        String namespace = Requests.namespace(request.getNamespace());
        Requests.keepAlive(request.getLeaseIdsList());
        busy.set(true);
        var unused = replica.keepAlive(namespace, request.getLeaseIdsList()).whenComplete((reply, failure) -> {
            if (failure != null) {
                fail(failure);
                return;
            }
            if (!closed.get()) {
                call.onNext(response(reply));
            }
            busy.set(false);
            if (halfClosed) {
                complete();
            } else {
                call.request(1);
            }
        });
    }

    @Override
    public void onError(Throwable failure) {
        closed.set(true);
    }

    @Override
    public void onCompleted() {
        halfClosed = true;
        if (!busy.get()) {
            complete();
        }
    }

    private void complete() {
        if (closed.compareAndSet(false, true)) {
            call.onCompleted();
        }
    }

    private void fail(Throwable failure) {
        if (closed.compareAndSet(false, true)) {
            call.onError(GrpcErrors.toGrpc(failure));
        }
    }

    private LeaseKeepAliveResponse response(KeepAliveReply reply) {
        LeaseKeepAliveResponse.Builder response =
                LeaseKeepAliveResponse.newBuilder().setHeader(headers.at(reply.getRevision()));
        reply.getLeasesList()
                .forEach(lease -> response.addResults(LeaseKeepAliveResult.newBuilder()
                        .setLeaseId(lease.getLeaseId())
                        .setTtlMs(lease.getTtlMs())));
        return response.build();
    }
}
