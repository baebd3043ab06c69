package dev.store.server.gateway;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.store.server.etcd.EtcdFace;
import dev.store.server.etcd.v3.WatchGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * etcd's v3 protocol as JSON over HTTP. A path is a method, the body of the POST its request; a stream of answers is one
 * JSON object {@code {"result":…}} a line. Calls wait for as long as their caller does.
 */
final class EtcdGateway implements HttpService {
    private final Channel channel;
    private final BooleanSupplier ready;

    EtcdGateway(Channel channel, BooleanSupplier ready) {
        this.channel = channel;
        this.ready = ready;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        String path = context.path();
        if (path.equals("/version") || path.equals("/health")) {
            return request.method() == HttpMethod.GET ? told(path) : failed(HttpStatus.METHOD_NOT_ALLOWED, "GET");
        }
        MethodDescriptor<Message, Message> method = EtcdPaths.method(path);
        if (method == null) {
            return json(
                    HttpStatus.NOT_FOUND,
                    JsonErrors.ofCall(Status.Code.NOT_FOUND, "path: " + path + " (expected: one of etcd's, /v3/…)"));
        }
        if (request.method() != HttpMethod.POST) {
            return failed(HttpStatus.METHOD_NOT_ALLOWED, "POST");
        }
        // A watch stays open, and a lock may be waited for.
        context.clearRequestTimeout();
        return HttpResponse.of(request.aggregate().thenApply(whole -> call(method, whole)));
    }

    private HttpResponse told(String path) {
        if (path.equals("/version")) {
            return json(
                    HttpStatus.OK,
                    "{\"etcdserver\":\"" + EtcdFace.VERSION + "\",\"etcdcluster\":\"" + EtcdFace.CLUSTER_VERSION
                            + "\"}");
        }
        boolean healthy = ready.getAsBoolean();
        return json(healthy ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, "{\"health\":\"" + healthy + "\"}");
    }

    private HttpResponse call(MethodDescriptor<Message, Message> method, AggregatedHttpRequest request) {
        List<Message> requests;
        try {
            requests = JsonMessages.parse(
                    (PrototypeMarshaller<Message>) method.getRequestMarshaller(), request.contentUtf8());
        } catch (IllegalArgumentException e) {
            return json(
                    HttpStatus.BAD_REQUEST,
                    JsonErrors.ofCall(
                            Status.Code.INVALID_ARGUMENT, Objects.requireNonNullElse(e.getMessage(), "body")));
        }
        ClientCall<Message, Message> call = channel.newCall(method, CallOptions.DEFAULT);
        HttpResponse response =
                switch (method.getType()) {
                    case UNARY -> one(call, requests.get(0));
                    default -> stream(method, call, requests);
                };
        // Whoever goes away gives the call up: a lock that is waited for must not be taken for nobody.
        var unused = response.whenComplete().exceptionally(failure -> {
            call.cancel("the caller is gone", failure);
            return null;
        });
        return response;
    }

    private static HttpResponse one(ClientCall<Message, Message> call, Message request) {
        CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
        ClientCalls.asyncUnaryCall(call, request, new StreamObserver<>() {
            @Override
            public void onNext(Message message) {
                answer.complete(json(HttpStatus.OK, JsonMessages.print(message)));
            }

            @Override
            public void onError(Throwable failure) {
                Status status = Status.fromThrowable(failure);
                answer.complete(json(
                        HttpStatus.valueOf(JsonErrors.httpStatus(status.getCode())),
                        JsonErrors.ofCall(status.getCode(), text(status))));
            }

            @Override
            public void onCompleted() {
                // Has been answered.
            }
        });
        return HttpResponse.of(answer);
    }

    private static HttpResponse stream(
            MethodDescriptor<Message, Message> method, ClientCall<Message, Message> call, List<Message> requests) {
        HttpResponseWriter out = HttpResponse.streaming();
        JsonLines lines = new JsonLines(out);
        if (method.getType() == MethodDescriptor.MethodType.SERVER_STREAMING) {
            ClientCalls.asyncServerStreamingCall(call, requests.get(0), lines);
            return out;
        }
        StreamObserver<Message> sent = ClientCalls.asyncBidiStreamingCall(call, lines);
        requests.forEach(sent::onNext);
        if (!method.getFullMethodName().equals(WatchGrpc.getWatchMethod().getFullMethodName())) {
            // A watch goes on after its last request; a keepalive has then been answered.
            sent.onCompleted();
        }
        return out;
    }

    static String text(Status status) {
        return Objects.requireNonNullElse(
                status.getDescription(), status.getCode().name());
    }

    private static HttpResponse failed(HttpStatus status, String expected) {
        return json(status, JsonErrors.ofCall(Status.Code.UNIMPLEMENTED, "method (expected: " + expected + ")"));
    }

    private static HttpResponse json(HttpStatus status, String body) {
        return HttpResponse.of(status, MediaType.JSON, body);
    }
}
