package dev.store.server.watch;

import dev.store.api.v1.WatchGrpc;
import dev.store.api.v1.WatchRequest;
import dev.store.raft.watch.WatchHub;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The watch service, bound by hand because its responses are frames of already encoded events. */
public final class WatchService implements BindableService {
    private final WatchHub hub;
    private final WatchLimits limits;
    private final Executor executor;
    private final Set<WatchStream> streams = ConcurrentHashMap.newKeySet();

    /**
     * Makes the service.
     *
     * @param executor runs the pumps of the streams; each stands in its queue at most once
     */
    public WatchService(WatchHub hub, int maxPerStream, int maxPerMember, Executor executor) {
        this.hub = hub;
        this.limits = new WatchLimits(maxPerStream, maxPerMember);
        this.executor = executor;
    }

    @Override
    public ServerServiceDefinition bindService() {
        MethodDescriptor<WatchRequest, WatchFrame> method = WatchGrpc.getWatchMethod().toBuilder(
                        WatchGrpc.getWatchMethod().getRequestMarshaller(), WatchFrame.MARSHALLER)
                .build();
        ServiceDescriptor service = ServiceDescriptor.newBuilder(WatchGrpc.SERVICE_NAME)
                .setSchemaDescriptor(WatchGrpc.getServiceDescriptor().getSchemaDescriptor())
                .addMethod(method)
                .build();
        return ServerServiceDefinition.builder(service)
                .addMethod(method, ServerCalls.asyncBidiStreamingCall(this::watch))
                .build();
    }

    /** Ends all streams once what was announced before has been written. */
    public void stop() {
        streams.forEach(WatchStream::stop);
    }

    private StreamObserver<WatchRequest> watch(StreamObserver<WatchFrame> observer) {
        ServerCallStreamObserver<WatchFrame> call = (ServerCallStreamObserver<WatchFrame>) observer;
        WatchStream stream = new WatchStream(call, hub, limits, executor, streams::remove);
        streams.add(stream);
        stream.start();
        return stream;
    }
}
