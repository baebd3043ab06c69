package dev.store.server.gateway;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;

/** Answers of a stream as lines of JSON; the next one is asked for when the caller has taken the last. */
final class JsonLines implements ClientResponseObserver<Message, Message> {
    private final HttpResponseWriter out;
    private @Nullable ClientCallStreamObserver<Message> call;
    private boolean begun;

    JsonLines(HttpResponseWriter out) {
        this.out = out;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Message> started) {
        call = started;
        started.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(Message message) {
        begin(HttpStatus.OK);
        if (out.tryWrite(HttpData.ofUtf8("{\"result\":" + JsonMessages.print(message) + "}\n"))) {
            var unused = out.whenConsumed().thenRun(this::more);
        }
    }

    @Override
    public void onError(Throwable failure) {
        Status status = Status.fromThrowable(failure);
        begin(HttpStatus.valueOf(JsonErrors.httpStatus(status.getCode())));
        if (out.tryWrite(HttpData.ofUtf8(JsonErrors.ofStream(status.getCode(), EtcdGateway.text(status)) + "\n"))) {
            out.close();
        }
    }

    @Override
    public void onCompleted() {
        begin(HttpStatus.OK);
        out.close();
    }

    private void more() {
        ClientCallStreamObserver<Message> running = call;
        if (running != null) {
            running.request(1);
        }
    }

    private void begin(HttpStatus status) {
        if (!begun) {
            begun = true;
            // A caller that is gone already: the call is given up by whoever waits for the response.
            var unused = out.tryWrite(ResponseHeaders.of(status, HttpHeaderNames.CONTENT_TYPE, MediaType.JSON));
        }
    }
}
