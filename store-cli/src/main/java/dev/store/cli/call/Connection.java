package dev.store.cli.call;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import io.grpc.okhttp.internal.framed.FrameReader;
import io.grpc.okhttp.internal.framed.FrameWriter;
import io.grpc.okhttp.internal.framed.Header;
import io.grpc.okhttp.internal.framed.Http2;
import io.grpc.okhttp.internal.framed.Settings;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import okio.Buffer;
import okio.BufferedSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * One plain HTTP/2 connection to one member, for one gRPC call at a time; used by one thread.
 *
 * <p>Framing and header compression are those of grpc-java's OkHttp transport. What is left is the order of frames of
 * a call, as "gRPC over HTTP/2" gives it, and flow control.
 */
final class Connection implements Closeable {
    /** Longest answer that is read, in bytes: the largest page (4 MiB) with room for what surrounds it. */
    private static final int ANSWER_BYTES_MAX = 16 * 1024 * 1024;

    /** Largest frame that a peer takes without having said so. */
    private static final int FRAME_BYTES = 16 * 1024;

    private static final int GRPC_PREFIX_BYTES = 5;
    private static final int HTTP2_DEFAULT_WINDOW = 65_535;
    private static final long GRPC_TIMEOUT_MILLIS_MAX = 99_999_999;

    private final Endpoint endpoint;
    private final Socket socket;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final Exchange exchange;
    private int nextStream = 3;

    private Connection(Endpoint endpoint, Socket socket) throws IOException {
        this.endpoint = endpoint;
        this.socket = socket;
        Http2 http2 = new Http2();
        BufferedSink sink = Okio.buffer(Okio.sink(socket.getOutputStream()));
        this.writer = http2.newWriter(sink, true);
        this.reader = http2.newReader(Okio.buffer(Okio.source(socket.getInputStream())), true);
        this.exchange = new Exchange(writer);
    }

    /** Connects within the given time; {@link ErrorCode#UNREACHABLE} if that fails. */
    static Connection open(Endpoint endpoint, long timeoutMillis) {
        // No proxy: what a command reaches must not depend on properties of the JVM.
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.setTcpNoDelay(true);
            InetAddress address = InetAddress.getByName(endpoint.host());
            socket.connect(new InetSocketAddress(address, endpoint.port()), millis(timeoutMillis));
        } catch (IOException e) {
            close(socket);
            throw Failures.unreachable(endpoint, e);
        }
        try {
            Connection connection = new Connection(endpoint, socket);
            connection.greet();
            return connection;
        } catch (IOException e) {
            close(socket);
            throw Failures.broken(endpoint, e, false);
        }
    }

    private void greet() throws IOException {
        writer.connectionPreface();
        Settings settings = new Settings();
        settings.set(Settings.ENABLE_PUSH, 0, 0);
        settings.set(Settings.INITIAL_WINDOW_SIZE, 0, Exchange.WINDOW);
        writer.settings(settings);
        writer.windowUpdate(0, Exchange.WINDOW - HTTP2_DEFAULT_WINDOW);
    }

    /** Whether another call may be made on it. */
    boolean reusable() {
        return exchange.ended() && exchange.reset() == null && !exchange.goingAway() && !socket.isClosed();
    }

    /** Sends a request. Its answers are then read one by one with {@link #next}. */
    void send(String path, MessageLite request, long timeoutMillis) {
        int stream = nextStream;
        nextStream += 2;
        exchange.begin(stream);
        Deadline deadline = new Deadline(timeoutMillis);
        try {
            byte[] message = request.toByteArray();
            Buffer data = new Buffer();
            data.writeByte(0);
            data.writeInt(message.length);
            data.write(message);
            writer.synStream(false, false, stream, 0, headers(path, timeoutMillis));
            boolean sent = false;
            while (!sent && !exchange.ended()) {
                int bytes = (int) Math.min(Math.min(data.size(), FRAME_BYTES), exchange.sendWindow());
                if (bytes > 0) {
                    sent = bytes == data.size();
                    exchange.sent(bytes);
                    writer.data(sent, stream, data, bytes);
                } else {
                    writer.flush();
                    readFrame(deadline);
                }
            }
            writer.flush();
        } catch (IOException e) {
            throw broken(e, timeoutMillis);
        }
    }

    /** The next answer of the call; null after the last one. Throws what the call ended with, if not with OK. */
    <R> @Nullable R next(Parser<R> parser, long timeoutMillis) {
        Deadline deadline = new Deadline(timeoutMillis);
        try {
            Buffer body = exchange.body();
            while (true) {
                if (body.size() >= GRPC_PREFIX_BYTES) {
                    int length = body.getByte(1) << 24
                            | (body.getByte(2) & 0xff) << 16
                            | (body.getByte(3) & 0xff) << 8
                            | (body.getByte(4) & 0xff);
                    if (body.getByte(0) != 0 || length < 0 || length > ANSWER_BYTES_MAX) {
                        throw new IOException("an answer of " + length + " bytes, compression flag " + body.getByte(0)
                                + " (expected: at most " + ANSWER_BYTES_MAX + " bytes, not compressed)");
                    }
                    if (body.size() >= GRPC_PREFIX_BYTES + length) {
                        body.skip(GRPC_PREFIX_BYTES);
                        return parser.parseFrom(body.readByteArray(length));
                    }
                }
                if (exchange.ended()) {
                    Failures.throwUnlessOk(endpoint, exchange);
                    return null;
                }
                readFrame(deadline);
            }
        } catch (IOException e) {
            throw broken(e, timeoutMillis);
        }
    }

    private void readFrame(Deadline deadline) throws IOException {
        long left = deadline.leftMillis();
        if (left <= 0) {
            throw new SocketTimeoutException();
        }
        socket.setSoTimeout(millis(left));
        if (!reader.nextFrame(exchange)) {
            // The reader takes every failure to read a frame's head, also for lack of time, as the end.
            throw deadline.leftMillis() <= 0
                    ? new SocketTimeoutException()
                    : new EOFException("the connection was closed");
        }
    }

    private StoreException broken(IOException e, long timeoutMillis) {
        close();
        if (e instanceof SocketTimeoutException && exchange.settled()) {
            return new StoreException(
                    ErrorCode.DEADLINE_EXCEEDED, endpoint + " did not answer within " + timeoutMillis + " ms");
        }
        return Failures.broken(endpoint, e, exchange.settled());
    }

    private List<Header> headers(String path, long timeoutMillis) {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header(Header.TARGET_METHOD, "POST"));
        headers.add(new Header(Header.TARGET_SCHEME, "http"));
        headers.add(new Header(Header.TARGET_PATH, path));
        headers.add(new Header(Header.TARGET_AUTHORITY, endpoint.toString()));
        headers.add(new Header("te", "trailers"));
        headers.add(new Header("content-type", "application/grpc"));
        headers.add(new Header("user-agent", "store-cli"));
        headers.add(new Header("grpc-timeout", Math.min(timeoutMillis, GRPC_TIMEOUT_MILLIS_MAX) + "m"));
        return headers;
    }

    private static int millis(long millis) {
        return (int) Math.max(1, Math.min(millis, Integer.MAX_VALUE));
    }

    @Override
    public void close() {
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing is expected of it any more.
        }
    }
}
