package dev.store.bench.store;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Event;
import dev.store.api.v1.KVGrpc;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.Put;
import dev.store.api.v1.PutRequest;
import dev.store.api.v1.WatchCancel;
import dev.store.api.v1.WatchCreate;
import dev.store.api.v1.WatchGrpc;
import dev.store.api.v1.WatchRequest;
import dev.store.api.v1.WatchResponse;
import dev.store.bench.load.Connections;
import dev.store.bench.load.Failures;
import dev.store.bench.load.FanOut;
import dev.store.bench.load.Operation;
import dev.store.bench.load.WatchCycles;
import dev.store.bench.load.Workload;
import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** Watches of one key, a hundred or so on a stream. */
final class StoreWatches implements FanOut.Wire {
    private final Connections connections;
    private final int watchesPerStream;
    private final List<StreamObserver<WatchRequest>> streams = new ArrayList<>();

    StoreWatches(Connections connections, int watchesPerStream) {
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
                                .setCreate(WatchCreate.newBuilder()
                                        .setWatchId(1)
                                        .setKeys(KeySelector.newBuilder()
                                                .setKey(ByteString.copyFromUtf8("cycle/" + client))))
                                .build(),
                        created -> WatchRequest.newBuilder()
                                .setCancel(WatchCancel.newBuilder().setWatchId(created.getWatchId()))
                                .build(),
                        WatchResponse::hasCreated,
                        WatchResponse::hasCanceled));
    }

    @Override
    public void watch(int watchers, FanOut.Arrivals arrivals) {
        for (int left = watchers; left > 0; left -= watchesPerStream) {
            StreamObserver<WatchRequest> requests = ClientCalls.asyncBidiStreamingCall(
                    connections.of(streams.size()).newCall(WatchGrpc.getWatchMethod(), CallOptions.DEFAULT),
                    new Answers(arrivals));
            streams.add(requests);
            for (int i = 1; i <= Math.min(left, watchesPerStream); i++) {
                requests.onNext(WatchRequest.newBuilder()
                        .setCreate(WatchCreate.newBuilder()
                                .setWatchId(i)
                                .setKeys(KeySelector.newBuilder().setKey(FanOut.KEY)))
                        .build());
            }
        }
    }

    @Override
    public void put(int client, ByteString value, Operation.Done done) {
        connections.call(
                client,
                KVGrpc.getPutMethod(),
                PutRequest.newBuilder()
                        .setPut(Put.newBuilder().setKey(FanOut.KEY).setValue(value))
                        .build(),
                done);
    }

    @Override
    public void close() {
        streams.forEach(StreamObserver::onCompleted);
    }

    private static final class Answers implements StreamObserver<WatchResponse> {
        private final FanOut.Arrivals arrivals;

        Answers(FanOut.Arrivals arrivals) {
            this.arrivals = arrivals;
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.hasCreated()) {
                arrivals.opened();
            } else if (response.hasCanceled()) {
                arrivals.failed(response.getCanceled().getReason());
            }
            for (Event event : response.getEventsList()) {
                arrivals.got(event.getEntry().getValue());
            }
        }

        @Override
        public void onError(Throwable failure) {
            arrivals.failed(Failures.code(failure));
        }

        @Override
        public void onCompleted() {}
    }
}
