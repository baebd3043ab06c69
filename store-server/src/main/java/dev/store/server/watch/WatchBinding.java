package dev.store.server.watch;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A service whose only method is a watch, bound by hand because its responses are frames of already encoded events, and its
 * open streams.
 *
 * @param <Q> requests
 */
public final class WatchBinding<Q> {
    private final ServiceDescriptor generated;
    private final MethodDescriptor<Q, ?> watch;
    private final Factory<Q> factory;
    private final WriteAhead writeAhead = new WriteAhead();
    private final Set<WatchPump<Q>> streams = ConcurrentHashMap.newKeySet();

    /** Makes a stream. */
    public interface Factory<Q> {
        /**
         * Makes the stream of a call.
         *
         * @param whenEnded to be told when the stream holds nothing any more
         */
        WatchPump<Q> make(ServerCallStreamObserver<WatchFrame> call, Consumer<WatchPump<Q>> whenEnded);
    }

    /** A binding of the generated service and its method. */
    public WatchBinding(ServiceDescriptor generated, MethodDescriptor<Q, ?> watch, Factory<Q> factory) {
        this.generated = generated;
        this.watch = watch;
        this.factory = factory;
    }

    /** The service for a gRPC server. */
    public ServerServiceDefinition definition() {
        MethodDescriptor<Q, WatchFrame> method = watch.toBuilder(watch.getRequestMarshaller(), WatchFrame.MARSHALLER)
                .build();
        ServiceDescriptor service = ServiceDescriptor.newBuilder(generated.getName())
                .setSchemaDescriptor(generated.getSchemaDescriptor())
                .addMethod(method)
                .build();
        return ServerServiceDefinition.builder(service)
                .addMethod(method, ServerCalls.asyncBidiStreamingCall(this::open))
                .build();
    }

    /** Ends all streams once what was announced before has been written. */
    public void stop() {
        streams.forEach(WatchPump::stop);
    }

    private StreamObserver<Q> open(StreamObserver<WatchFrame> observer) {
        ServerCallStreamObserver<WatchFrame> call = (ServerCallStreamObserver<WatchFrame>) observer;
        int share = writeAhead.take();
        call.setOnReadyThreshold(share);
        WatchPump<Q> stream = factory.make(call, ended -> {
            streams.remove(ended);
            writeAhead.giveBack(share);
        });
        streams.add(stream);
        stream.start();
        return stream;
    }
}
