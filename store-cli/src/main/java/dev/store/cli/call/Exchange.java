package dev.store.cli.call;

import io.grpc.okhttp.internal.framed.ErrorCode;
import io.grpc.okhttp.internal.framed.FrameReader;
import io.grpc.okhttp.internal.framed.FrameWriter;
import io.grpc.okhttp.internal.framed.Header;
import io.grpc.okhttp.internal.framed.HeadersMode;
import io.grpc.okhttp.internal.framed.Settings;
import java.io.IOException;
import java.util.List;
import okio.Buffer;
import okio.BufferedSource;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** What the peer has said so far: about the connection as a whole, and about the one call under way. */
final class Exchange implements FrameReader.Handler {
    /** Bytes of an answer that may be under way, per call and per connection. */
    static final int WINDOW = 4 * 1024 * 1024;

    private static final int HTTP2_DEFAULT_WINDOW = 65_535;

    private final FrameWriter writer;

    private boolean settled;
    private boolean goingAway;
    private long initialWindow = HTTP2_DEFAULT_WINDOW;
    private long connectionWindow = HTTP2_DEFAULT_WINDOW;
    private long streamWindow;
    private long unreported;

    private int stream;
    private boolean ended;
    private @Nullable ErrorCode reset;
    private final Buffer body = new Buffer();
    private @Nullable String httpStatus;
    private @Nullable String grpcStatus;
    private @Nullable String grpcMessage;
    private @Nullable String grpcDetails;

    Exchange(FrameWriter writer) {
        this.writer = writer;
    }

    /** Forgets the call before, and waits for the frames of this one. */
    void begin(int newStream) {
        stream = newStream;
        streamWindow = initialWindow;
        ended = false;
        reset = null;
        body.clear();
        httpStatus = null;
        grpcStatus = null;
        grpcMessage = null;
        grpcDetails = null;
    }

    /** Whether the peer has proved to speak HTTP/2. */
    boolean settled() {
        return settled;
    }

    /** Whether the peer takes no further call on this connection. */
    boolean goingAway() {
        return goingAway;
    }

    /** Whether nothing more of the call will come. */
    boolean ended() {
        return ended;
    }

    @Nullable
    ErrorCode reset() {
        return reset;
    }

    Buffer body() {
        return body;
    }

    @Nullable
    String httpStatus() {
        return httpStatus;
    }

    @Nullable
    String grpcStatus() {
        return grpcStatus;
    }

    @Nullable
    String grpcMessage() {
        return grpcMessage;
    }

    @Nullable
    String grpcDetails() {
        return grpcDetails;
    }

    /** How many bytes of a request the peer takes now. */
    long sendWindow() {
        return Math.min(connectionWindow, streamWindow);
    }

    void sent(int bytes) {
        connectionWindow -= bytes;
        streamWindow -= bytes;
    }

    @Override
    public void data(boolean last, int id, BufferedSource source, int length, int paddedLength) throws IOException {
        if (id == stream) {
            source.readFully(body, length);
            ended |= last;
        } else {
            source.skip(length);
        }
        unreported += paddedLength;
        if (unreported >= WINDOW / 2) {
            writer.windowUpdate(0, unreported);
            if (!ended) {
                writer.windowUpdate(stream, unreported);
            }
            writer.flush();
            unreported = 0;
        }
    }

    @Override
    public void headers(
            boolean outFinished, boolean last, int id, int associated, List<Header> headers, HeadersMode mode) {
        if (id != stream) {
            return;
        }
        for (Header header : headers) {
            switch (header.name.utf8()) {
                case ":status" -> httpStatus = header.value.utf8();
                case "grpc-status" -> grpcStatus = header.value.utf8();
                case "grpc-message" -> grpcMessage = header.value.utf8();
                case "grpc-status-details-bin" -> grpcDetails = header.value.utf8();
                default -> {}
            }
        }
        ended |= last;
    }

    @Override
    public void rstStream(int id, ErrorCode error) {
        if (id == stream) {
            reset = error;
            ended = true;
        }
    }

    @Override
    public void settings(boolean clearPrevious, Settings settings) {
        settled = true;
        if (settings.isSet(Settings.INITIAL_WINDOW_SIZE)) {
            long window = settings.get(Settings.INITIAL_WINDOW_SIZE);
            streamWindow += window - initialWindow;
            initialWindow = window;
        }
        try {
            writer.ackSettings(settings);
            writer.flush();
        } catch (IOException e) {
            // The next read says what is wrong with the connection.
            goingAway = true;
        }
    }

    @Override
    public void ackSettings() {}

    @Override
    public void ping(boolean reply, int payload1, int payload2) {
        if (reply) {
            return;
        }
        try {
            writer.ping(true, payload1, payload2);
            writer.flush();
        } catch (IOException e) {
            goingAway = true;
        }
    }

    @Override
    public void goAway(int lastStream, ErrorCode error, ByteString debugData) {
        goingAway = true;
        if (stream > lastStream && !ended) {
            // The peer has not looked at this call and never will.
            reset = ErrorCode.REFUSED_STREAM;
            ended = true;
        }
    }

    @Override
    public void windowUpdate(int id, long increment) {
        if (id == 0) {
            connectionWindow += increment;
        } else if (id == stream) {
            streamWindow += increment;
        }
    }

    @Override
    public void priority(int id, int dependency, int weight, boolean exclusive) {}

    @Override
    public void pushPromise(int id, int promisedId, List<Header> headers) throws IOException {
        throw new IOException("the peer pushes, although that was switched off");
    }

    @Override
    public void alternateService(int id, String origin, ByteString protocol, String host, int port, long maxAge) {}
}
