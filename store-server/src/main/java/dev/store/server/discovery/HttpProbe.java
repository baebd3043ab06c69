package dev.store.server.discovery;

import dev.store.api.v1.HealthStatus;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One GET: the status decides, the beginning of the body is kept. */
final class HttpProbe {
    private static final int BODY_BYTES = 1_024;
    private static final int TOO_MANY_REQUESTS = 429;

    private final String host;
    private final String path;
    private final CompletableFuture<Probes.Result> result;

    HttpProbe(String host, String path, CompletableFuture<Probes.Result> result) {
        this.host = host;
        this.path = path;
        this.result = result;
    }

    void install(ChannelPipeline pipeline) {
        pipeline.addLast(new HttpClientCodec());
        pipeline.addLast(new Handler());
    }

    private final class Handler extends SimpleChannelInboundHandler<HttpObject> {
        private final StringBuilder body = new StringBuilder();
        private @Nullable HttpResponse response;

        @Override
        public void channelActive(ChannelHandlerContext context) {
            DefaultFullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
            request.headers()
                    .set(HttpHeaderNames.HOST, host)
                    .set(HttpHeaderNames.USER_AGENT, "store-check")
                    .set(HttpHeaderNames.CONNECTION, "close");
            var unused = context.writeAndFlush(request);
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpResponse head) {
                response = head;
                if (!head.decoderResult().isSuccess()) {
                    result.complete(Probes.Result.critical("the answer is no HTTP"));
                }
            }
            if (message instanceof HttpContent content) {
                int bytes = Math.min(content.content().readableBytes(), BODY_BYTES - body.length());
                body.append(content.content().toString(content.content().readerIndex(), bytes, StandardCharsets.UTF_8));
                if (message instanceof LastHttpContent || body.length() >= BODY_BYTES) {
                    finish();
                }
            }
        }

        private void finish() {
            HttpResponse head = response;
            if (head == null) {
                return;
            }
            int code = head.status().code();
            String output = "HTTP " + code + (body.isEmpty() ? "" : ": " + body);
            HealthStatus status = code / 100 == 2
                    ? HealthStatus.HEALTH_STATUS_PASSING
                    : code == TOO_MANY_REQUESTS
                            ? HealthStatus.HEALTH_STATUS_WARNING
                            : HealthStatus.HEALTH_STATUS_CRITICAL;
            result.complete(new Probes.Result(status, output));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            finish();
            result.complete(Probes.Result.critical("the connection was closed without an answer"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
            result.complete(Probes.Result.critical(String.valueOf(failure.getMessage())));
        }
    }
}
