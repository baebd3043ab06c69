package dev.store.cli;

import dev.store.api.error.GrpcErrors;
import dev.store.api.error.StoreException;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A real gRPC server, of the kind that members run, whose answers a test writes. */
public final class ScriptedMember implements AutoCloseable {
    private final Server server;
    private final List<Object> requests = Collections.synchronizedList(new ArrayList<>());

    private ScriptedMember(List<Answer<?, ?>> answers) throws IOException {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .directExecutor()
                .maxInboundMessageSize(8 << 20);
        Map<String, ServerServiceDefinition.Builder> services = new TreeMap<>();
        for (Answer<?, ?> answer : answers) {
            answer.addTo(services.computeIfAbsent(answer.service(), ServerServiceDefinition::builder), requests);
        }
        services.values().forEach(service -> builder.addService(service.build()));
        server = builder.build().start();
    }

    /** A member that answers the given calls. */
    public static ScriptedMember answering(Answer<?, ?>... answers) throws IOException {
        return new ScriptedMember(List.of(answers));
    }

    /** One call, with what it answers. */
    public record Answer<Q, R>(MethodDescriptor<Q, R> method, BiConsumer<Q, StreamObserver<R>> script) {
        String service() {
            return String.valueOf(method.getServiceName());
        }

        void addTo(ServerServiceDefinition.Builder service, List<Object> requests) {
            ServerCalls.ServerStreamingMethod<Q, R> call = (request, observer) -> {
                requests.add(request);
                try {
                    script.accept(request, observer);
                } catch (StoreException e) {
                    observer.onError(GrpcErrors.toGrpc(e));
                }
            };
            service.addMethod(
                    method.toBuilder()
                            .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                            .build(),
                    ServerCalls.asyncServerStreamingCall(call));
        }
    }

    public static <Q, R> Answer<Q, R> unary(MethodDescriptor<Q, R> method, Function<Q, R> answer) {
        return new Answer<>(method, (request, observer) -> {
            observer.onNext(answer.apply(request));
            observer.onCompleted();
        });
    }

    public static <Q, R> Answer<Q, R> stream(MethodDescriptor<Q, R> method, List<R> answers) {
        return new Answer<>(method, (request, observer) -> {
            answers.forEach(observer::onNext);
            observer.onCompleted();
        });
    }

    /** Takes the request and says nothing. */
    public static <Q, R> Answer<Q, R> silent(MethodDescriptor<Q, R> method) {
        return new Answer<>(method, (request, observer) -> {});
    }

    public String endpoint() {
        return "127.0.0.1:" + server.getPort();
    }

    /** The requests that came, in their order. */
    public List<Object> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
