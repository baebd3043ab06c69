package dev.store.api.client;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ClusterGrpc;
import dev.store.api.v1.GetRequest;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.Member;
import dev.store.api.v1.MembersRequest;
import dev.store.api.v1.MembersResponse;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.RangeChunk;
import dev.store.api.v1.RangeRequest;
import io.grpc.BindableService;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A member that speaks the real protocol over a real socket, and misbehaves as it is told. */
final class FakeMember implements AutoCloseable {
    /** What it does with a call. */
    enum Fault {
        /** Fails it without doing anything. */
        REFUSE,
        /** Does it and then fails it. */
        APPLY_THEN_FAIL,
        /** Does it and then drops the connection without an answer. */
        APPLY_THEN_DROP,
        /** Never answers. */
        HANG
    }

    private record Misbehaviour(Fault fault, ErrorCode code) {}

    private final FakeStore store;
    private final long id;
    private final Queue<Misbehaviour> script = new ArrayDeque<>();
    private final List<Object> requests = new ArrayList<>();
    private final List<String> members = new ArrayList<>();
    private final int port;
    private Server server;
    private long reached = Long.MAX_VALUE;
    private @Nullable Misbehaviour always;
    private @Nullable ErrorCode streamFault;

    private FakeMember(FakeStore store, long id, BindableService... others) throws IOException {
        this.store = store;
        this.id = id;
        this.server = start(0, others);
        this.port = server.getPort();
    }

    static FakeMember start(FakeStore store, long id, BindableService... others) throws IOException {
        return new FakeMember(store, id, others);
    }

    String endpoint() {
        return "127.0.0.1:" + port;
    }

    /** The next call is treated so. */
    synchronized FakeMember next(Fault fault, ErrorCode code) {
        script.add(new Misbehaviour(fault, code));
        return this;
    }

    /** Every call is treated so. */
    synchronized FakeMember always(Fault fault, ErrorCode code) {
        always = new Misbehaviour(fault, code);
        return this;
    }

    /** Streamed ranges fail so after six entries. */
    synchronized FakeMember breakStreams(ErrorCode code) {
        streamFault = code;
        return this;
    }

    /** It has applied no more than this revision. */
    synchronized FakeMember reached(long revision) {
        reached = revision;
        return this;
    }

    synchronized FakeMember members(List<String> endpoints) {
        members.addAll(endpoints);
        return this;
    }

    synchronized List<Object> requests() {
        return List.copyOf(requests);
    }

    /** Waits until it was asked this often, at most 10 s. */
    synchronized void awaitRequests(int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (requests.size() < count) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("requests: " + requests.size() + " (expected: " + count + ")");
            }
            wait(left);
        }
    }

    void stop() throws InterruptedException {
        server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }

    void startAgain() throws IOException {
        server = start(port);
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }

    private Server start(int port, BindableService... others) throws IOException {
        ServerBuilder<?> builder = Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
                .directExecutor()
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .addService(new Kv())
                .addService(new Cluster());
        for (BindableService other : others) {
            builder.addService(other);
        }
        return builder.build().start();
    }

    private <R> void handle(Object request, StreamObserver<R> out, Supplier<R> action) {
        @Nullable Misbehaviour misbehaviour;
        synchronized (this) {
            requests.add(request);
            notifyAll();
            misbehaviour = script.isEmpty() ? always : script.remove();
        }
        try {
            if (misbehaviour == null) {
                out.onNext(action.get());
                out.onCompleted();
                return;
            }
            switch (misbehaviour.fault()) {
                case REFUSE -> fail(misbehaviour, out);
                case APPLY_THEN_FAIL -> {
                    var unused = action.get();
                    fail(misbehaviour, out);
                }
                case APPLY_THEN_DROP -> {
                    var unused = action.get();
                    server.shutdownNow();
                }
                case HANG -> {
                    // No answer.
                }
            }
        } catch (StoreException e) {
            out.onError(GrpcErrors.toGrpc(e));
        }
    }

    private void fail(Misbehaviour misbehaviour, StreamObserver<?> out) {
        out.onError(GrpcErrors.toGrpc(new StoreException(misbehaviour.code(), "scripted by member " + id)));
    }

    private final class Kv extends KVGrpc.KVImplBase {
        @Override
        public void get(GetRequest request, StreamObserver<GetResponse> out) {
            handle(request, out, () -> store.get(request, id, reached));
        }

        @Override
        public void streamRange(RangeRequest request, StreamObserver<RangeChunk> out) {
            @Nullable ErrorCode fault;
            synchronized (FakeMember.this) {
                requests.add(request);
                fault = streamFault;
            }
            List<KeyValue> entries = store.range(request.getRange());
            ServerCallStreamObserver<RangeChunk> stream = (ServerCallStreamObserver<RangeChunk>) out;
            int[] sent = {0};
            stream.setOnReadyHandler(() -> {
                while (stream.isReady() && sent[0] >= 0) {
                    int to = Math.min(entries.size(), sent[0] + 3);
                    RangeChunk.Builder chunk = RangeChunk.newBuilder()
                            .setHeader(store.header(id))
                            .addAllEntries(entries.subList(sent[0], to));
                    if (to == entries.size()) {
                        chunk.setTotal(to);
                    }
                    out.onNext(chunk.build());
                    sent[0] = to;
                    if (to == entries.size()) {
                        sent[0] = -1;
                        out.onCompleted();
                    } else if (fault != null && to >= 6) {
                        sent[0] = -1;
                        out.onError(GrpcErrors.toGrpc(new StoreException(fault, "scripted by member " + id)));
                    }
                }
            });
        }

        @Override
        public void put(PutRequest request, StreamObserver<PutResponse> out) {
            handle(request, out, () -> store.put(request, id));
        }
    }

    private final class Cluster extends ClusterGrpc.ClusterImplBase {
        @Override
        public void members(MembersRequest request, StreamObserver<MembersResponse> out) {
            handle(request, out, () -> {
                MembersResponse.Builder response = MembersResponse.newBuilder().setHeader(store.header(id));
                for (String endpoint : members) {
                    response.addMembers(
                            Member.newBuilder().setName("n" + endpoint).setClientEndpoint(endpoint));
                }
                return response.build();
            });
        }
    }
}
