package dev.store.bench.etcd;

import com.google.protobuf.ByteString;
import dev.store.bench.load.Connections;
import dev.store.bench.work.Session;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.LeaseGrantRequest;
import io.etcd.jetcd.api.LeaseGrpc;
import io.etcd.jetcd.api.LeaseKeepAliveRequest;
import io.etcd.jetcd.api.LeaseKeepAliveResponse;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.RangeRequest;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Leases granted one after the other, and made due together by keepalives of all of them at once. */
final class EtcdLapse implements Session.Lapse {
    /** Enough to grant all of them meanwhile, also on a cold cluster; the wait for it is no part of the figure. */
    private static final long TTL_SECONDS = 60;

    private static final int IN_FLIGHT = 128;
    private static final String PREFIX = "lapse/";

    private final Connections connections;

    EtcdLapse(Connections connections) {
        this.connections = connections;
    }

    @Override
    public long prepare(int leases) {
        Deque<CompletableFuture<Long>> running = new ArrayDeque<>();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < leases; i++) {
            if (running.size() == IN_FLIGHT) {
                ids.add(running.remove().join());
            }
            running.add(grantWithKey(i));
        }
        running.forEach(grant -> ids.add(grant.join()));
        // As leases that have been kept alive for long: the first time is dearer where it is written down.
        keepAlive(ids).join();
        // From before the first of the last keepalives: a system that is slow to take them shall not look faster for
        // it.
        long kept = System.nanoTime();
        long ttlSeconds = keepAlive(ids).join();
        return kept + TimeUnit.SECONDS.toNanos(ttlSeconds);
    }

    @Override
    public long left() {
        return connections
                .ask(
                        0,
                        KVGrpc.getRangeMethod(),
                        RangeRequest.newBuilder()
                                .setKey(ByteString.copyFromUtf8(PREFIX))
                                // The byte after the last one of the prefix.
                                .setRangeEnd(ByteString.copyFromUtf8("lapse0"))
                                .setCountOnly(true)
                                .build())
                .join()
                .getCount();
    }

    private CompletableFuture<Long> grantWithKey(int number) {
        return connections
                .ask(
                        number,
                        LeaseGrpc.getLeaseGrantMethod(),
                        LeaseGrantRequest.newBuilder().setTTL(TTL_SECONDS).build())
                .thenCompose(granted -> connections
                        .ask(
                                number,
                                KVGrpc.getPutMethod(),
                                PutRequest.newBuilder()
                                        .setKey(ByteString.copyFromUtf8(PREFIX + number))
                                        .setLease(granted.getID())
                                        .build())
                        .thenApply(put -> granted.getID()));
    }

    /** The time to live once all have been renewed. */
    private CompletableFuture<Long> keepAlive(List<Long> ids) {
        CompletableFuture<Long> renewed = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(ids.size());
        StreamObserver<LeaseKeepAliveRequest> requests = ClientCalls.asyncBidiStreamingCall(
                connections.of(0).newCall(LeaseGrpc.getLeaseKeepAliveMethod(), CallOptions.DEFAULT),
                new StreamObserver<LeaseKeepAliveResponse>() {
                    @Override
                    public void onNext(LeaseKeepAliveResponse response) {
                        if (response.getTTL() <= 0) {
                            renewed.completeExceptionally(
                                    new IllegalStateException("lease " + response.getID() + " lapsed too early"));
                        } else if (left.decrementAndGet() == 0) {
                            renewed.complete(response.getTTL());
                        }
                    }

                    @Override
                    public void onError(Throwable failure) {
                        renewed.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        for (long id : ids) {
            requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
        }
        return renewed.whenComplete((ttl, failure) -> requests.onCompleted());
    }
}
