package dev.store.api.client;

import dev.store.api.v1.LeaseGrantRequest;
import dev.store.api.v1.LeaseGrantResponse;
import dev.store.api.v1.LeaseGrpc;
import dev.store.api.v1.LeaseKeepAliveRequest;
import dev.store.api.v1.LeaseKeepAliveResponse;
import dev.store.api.v1.LeaseKeepAliveResult;
import dev.store.api.v1.LeaseRevokeRequest;
import dev.store.api.v1.LeaseRevokeResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Leases with real deadlines, so that one that is not renewed in time is missed; members may share one state. */
final class FakeLeaseService extends LeaseGrpc.LeaseImplBase {
    /** Time to live by id. */
    static final class State {
        private final Map<Long, Long> ttlMillis = new HashMap<>();
        private final Map<Long, Long> deadlineNanos = new HashMap<>();
        private final Set<Long> missed = new HashSet<>();
        private long lastId = 100;

        synchronized long grant(long ttl) {
            lastId++;
            ttlMillis.put(lastId, ttl);
            deadlineNanos.put(lastId, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ttl));
            return lastId;
        }

        synchronized void remove(long id) {
            ttlMillis.remove(id);
        }

        synchronized boolean exists(long id) {
            return ttlMillis.containsKey(id);
        }

        synchronized long renew(long id) {
            Long ttl = ttlMillis.get(id);
            if (ttl == null) {
                return 0;
            }
            long now = System.nanoTime();
            if (now - deadlineNanos.getOrDefault(id, now) > 0) {
                missed.add(id);
            }
            deadlineNanos.put(id, now + TimeUnit.MILLISECONDS.toNanos(ttl));
            return ttl;
        }

        /** Leases that were renewed only after they could have ended. */
        synchronized Set<Long> missed() {
            return Set.copyOf(missed);
        }
    }

    private final State state;
    private final List<LeaseKeepAliveRequest> messages = new ArrayList<>();
    private final Set<StreamObserver<LeaseKeepAliveResponse>> streams = new HashSet<>();
    private int opened;
    private boolean silent;

    FakeLeaseService(State state) {
        this.state = state;
    }

    synchronized FakeLeaseService silent(boolean wanted) {
        silent = wanted;
        return this;
    }

    synchronized List<LeaseKeepAliveRequest> messages() {
        return List.copyOf(messages);
    }

    synchronized int opened() {
        return opened;
    }

    synchronized int open() {
        return streams.size();
    }

    synchronized void breakAll() {
        for (StreamObserver<LeaseKeepAliveResponse> stream : List.copyOf(streams)) {
            streams.remove(stream);
            stream.onError(Status.UNAVAILABLE.withDescription("scripted").asRuntimeException());
        }
    }

    synchronized void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("messages: " + messages.size());
            }
            wait(left);
        }
    }

    @Override
    public void grant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> out) {
        out.onNext(LeaseGrantResponse.newBuilder()
                .setLeaseId(state.grant(request.getTtlMs()))
                .setTtlMs(request.getTtlMs())
                .build());
        out.onCompleted();
    }

    @Override
    public void revoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> out) {
        state.remove(request.getLeaseId());
        out.onNext(LeaseRevokeResponse.getDefaultInstance());
        out.onCompleted();
    }

    @Override
    public StreamObserver<LeaseKeepAliveRequest> keepAlive(StreamObserver<LeaseKeepAliveResponse> out) {
        synchronized (this) {
            opened++;
            streams.add(out);
        }
        return new StreamObserver<>() {
            @Override
            public void onNext(LeaseKeepAliveRequest request) {
                received(request, out);
            }

            @Override
            public void onError(Throwable failure) {
                gone(out);
            }

            @Override
            public void onCompleted() {
                gone(out);
                out.onCompleted();
            }
        };
    }

    private synchronized void gone(StreamObserver<LeaseKeepAliveResponse> out) {
        streams.remove(out);
        notifyAll();
    }

    private synchronized void received(LeaseKeepAliveRequest request, StreamObserver<LeaseKeepAliveResponse> out) {
        messages.add(request);
        if (!silent && streams.contains(out)) {
            LeaseKeepAliveResponse.Builder response = LeaseKeepAliveResponse.newBuilder();
            for (long id : request.getLeaseIdsList()) {
                response.addResults(
                        LeaseKeepAliveResult.newBuilder().setLeaseId(id).setTtlMs(state.renew(id)));
            }
            out.onNext(response.build());
        }
        notifyAll();
    }
}
