package dev.store.server.etcd;

import dev.store.server.etcd.v3.WatchGrpc;
import dev.store.server.etcd.v3.WatchRequest;
import dev.store.server.watch.WatchFrame;
import dev.store.server.watch.WatchLimits;
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

/** etcd's watch service, bound by hand because its responses are frames of already encoded events. */
final class EtcdWatch implements BindableService {
    private final EtcdWatchStream.Parts parts;
    private final Executor executor;
    private final Set<EtcdWatchStream> streams = ConcurrentHashMap.newKeySet();

    EtcdWatch(EtcdParts parts, WatchLimits limits) {
        this.parts = new EtcdWatchStream.Parts(
                parts.replica(), parts.replica().watchHub(), limits, parts.headers(), parts.origin(), new EventForm());
        this.executor = parts.executor();
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
    void stop() {
        streams.forEach(EtcdWatchStream::stop);
    }

    private StreamObserver<WatchRequest> watch(StreamObserver<WatchFrame> observer) {
        ServerCallStreamObserver<WatchFrame> call = (ServerCallStreamObserver<WatchFrame>) observer;
        EtcdWatchStream stream = new EtcdWatchStream(call, parts, executor, streams::remove);
        streams.add(stream);
        stream.start();
        return stream;
    }
}
