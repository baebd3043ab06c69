package dev.store.bench.etcd;

import com.google.protobuf.ByteString;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Failures;
import dev.store.bench.load.FanOut;
import dev.store.bench.load.Operation;
import dev.store.bench.load.WatchCycles;
import dev.store.bench.load.Workload;
import io.etcd.jetcd.api.Event;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.PutRequest;
import io.etcd.jetcd.api.WatchCancelRequest;
import io.etcd.jetcd.api.WatchCreateRequest;
import io.etcd.jetcd.api.WatchGrpc;
import io.etcd.jetcd.api.WatchRequest;
import io.etcd.jetcd.api.WatchResponse;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** Watches of one key, a hundred or so on a stream. */
final class EtcdWatches implements FanOut.Wire {
    private final Connections connections;
    private final int watchesPerStream;
    private final List<StreamObserver<WatchRequest>> streams = new ArrayList<>();
    private volatile boolean closed;

    EtcdWatches(Connections connections, int watchesPerStream) {
        this.connections = connections;
        this.watchesPerStream = watchesPerStream;
    }

    /** Watches that are opened and canceled, of a key for each client. */
    static Workload cycles(String name, Connections connections, int clients) {
        return new WatchCycles<>(
                name,
                connections,
                clients,
                new WatchCycles.Protocol<>(
                        WatchGrpc.getWatchMethod(),
                        client -> WatchRequest.newBuilder()
                                .setCreateRequest(WatchCreateRequest.newBuilder()
                                        .setKey(ByteString.copyFromUtf8("cycle/" + client)))
                                .build(),
                        created -> WatchRequest.newBuilder()
                                .setCancelRequest(
                                        WatchCancelRequest.newBuilder().setWatchId(created.getWatchId()))
                                .build(),
                        WatchResponse::getCreated,
                        WatchResponse::getCanceled));
    }

    @Override
    public void watch(int watchers, FanOut.Arrivals arrivals) {
        WatchRequest create = WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(FanOut.KEY))
                .build();
        for (int left = watchers; left > 0; left -= watchesPerStream) {
            StreamObserver<WatchRequest> requests = ClientCalls.asyncBidiStreamingCall(
                    connections.of(streams.size()).newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT),
                    new Answers(arrivals));
            streams.add(requests);
            for (int i = 0; i < Math.min(left, watchesPerStream); i++) {
                requests.onNext(create);
            }
        }
    }

    @Override
    public void put(int client, ByteString value, Operation.Done done) {
        connections.call(
                client,
                KVGrpc.getPutMethod(),
                PutRequest.newBuilder().setKey(FanOut.KEY).setValue(value).build(),
                done);
    }

    @Override
    public void close() {
        closed = true;
        // Half-closing does not end a watch stream; cancelling does.
        streams.forEach(stream -> stream.onError(
                Status.CANCELLED.withDescription("the workload is over").asException()));
    }

    private final class Answers implements StreamObserver<WatchResponse> {
        private final FanOut.Arrivals arrivals;

        Answers(FanOut.Arrivals arrivals) {
            this.arrivals = arrivals;
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCreated()) {
                arrivals.opened();
            } else if (response.getCanceled()) {
                arrivals.failed("CANCELED");
            }
            for (Event event : response.getEventsList()) {
                arrivals.got(event.getKv().getValue());
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (!closed) {
                arrivals.failed(Failures.code(failure));
            }
        }

        @Override
        public void onCompleted() {}
    }
}
