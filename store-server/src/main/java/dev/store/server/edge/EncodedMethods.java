package dev.store.server.edge;

import com.google.protobuf.ByteString;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;

/** A generated service, some methods of which answer with messages that were encoded before. */
public final class EncodedMethods {
    private final ServiceDescriptor generated;
    private final Map<String, ServerMethodDefinition<?, ?>> methods = new LinkedHashMap<>();

    /** Begins with the methods of a service as they are. */
    public EncodedMethods(ServerServiceDefinition service) {
        generated = service.getServiceDescriptor();
        service.getMethods().forEach(this::put);
    }

    /** Replaces a method: what the handler answers is the encoded message. */
    public <Q> EncodedMethods with(MethodDescriptor<Q, ?> method, ServerCallHandler<Q, ByteString> handler) {
        put(ServerMethodDefinition.create(
                method.toBuilder(
                                method.getRequestMarshaller(),
                                new EncodedMarshaller<>(ByteString::size, Uncopied::write))
                        .build(),
                handler));
        return this;
    }

    private void put(ServerMethodDefinition<?, ?> method) {
        methods.put(method.getMethodDescriptor().getFullMethodName(), method);
    }

    /** The service with its methods replaced. */
    public ServerServiceDefinition bound() {
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(generated.getName()).setSchemaDescriptor(generated.getSchemaDescriptor());
        methods.values().forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder bound = ServerServiceDefinition.builder(descriptor.build());
        methods.values().forEach(bound::addMethod);
        return bound.build();
    }
}
