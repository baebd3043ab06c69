package dev.store.cli.training;

import com.google.protobuf.MessageLite;
import dev.store.api.v1.DeleteResponse;
import dev.store.api.v1.DeleteResult;
import dev.store.api.v1.GetResponse;
import dev.store.api.v1.KeyValue;
import dev.store.api.v1.LeaseListResponse;
import dev.store.api.v1.PutResponse;
import dev.store.api.v1.PutResult;
import dev.store.api.v1.RangeResponse;
import dev.store.api.v1.RangeResult;
import dev.store.api.v1.ResponseHeader;
import io.grpc.okhttp.internal.framed.ErrorCode;
import io.grpc.okhttp.internal.framed.FrameReader;
import io.grpc.okhttp.internal.framed.FrameWriter;
import io.grpc.okhttp.internal.framed.Header;
import io.grpc.okhttp.internal.framed.HeadersMode;
import io.grpc.okhttp.internal.framed.Http2;
import io.grpc.okhttp.internal.framed.Settings;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.ByteString;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/** Gives each call the same answer, whatever it asks: just enough of a member for {@link Training}. */
final class CannedMember implements Closeable {
    private final ServerSocket server;

    private CannedMember(ServerSocket server) {
        this.server = server;
    }

    static CannedMember start() throws IOException {
        CannedMember member = new CannedMember(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(member::accept, "canned-member");
        thread.setDaemon(true);
        thread.start();
        return member;
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                BufferedSink sink = Okio.buffer(Okio.sink(socket.getOutputStream()));
                BufferedSource source = Okio.buffer(Okio.source(socket.getInputStream()));
                Http2 http2 = new Http2();
                FrameWriter writer = http2.newWriter(sink, false);
                FrameReader reader = http2.newReader(source, false);
                reader.readConnectionPreface();
                Conversation conversation = new Conversation(writer);
                writer.settings(new Settings());
                writer.flush();
                while (reader.nextFrame(conversation)) {
                    conversation.answer();
                }
            } catch (IOException e) {
                // The command has gone; the next one comes.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private static @Nullable MessageLite answerTo(String path) {
        ResponseHeader header = ResponseHeader.newBuilder().setRevision(1).build();
        KeyValue entry = KeyValue.newBuilder()
                .setKey(com.google.protobuf.ByteString.copyFromUtf8("key"))
                .setValue(com.google.protobuf.ByteString.copyFromUtf8("value"))
                .setCreateRevision(1)
                .setModRevision(1)
                .setVersion(1)
                .setModifiedAtMs(1)
                .build();
        return switch (path) {
            case "/store.v1.KV/Get" ->
                GetResponse.newBuilder().setHeader(header).setEntry(entry).build();
            case "/store.v1.KV/Put" ->
                PutResponse.newBuilder()
                        .setHeader(header)
                        .setResult(PutResult.getDefaultInstance())
                        .build();
            case "/store.v1.KV/Delete" ->
                DeleteResponse.newBuilder()
                        .setHeader(header)
                        .setResult(DeleteResult.newBuilder().setDeleted(1))
                        .build();
            case "/store.v1.KV/Range" ->
                RangeResponse.newBuilder()
                        .setHeader(header)
                        .setResult(RangeResult.newBuilder()
                                .addEntries(entry)
                                .setCount(1)
                                .setRevision(1))
                        .build();
            case "/store.v1.Lease/List" ->
                LeaseListResponse.newBuilder().setHeader(header).build();
            default -> null;
        };
    }

    /** One connection. */
    private static final class Conversation implements FrameReader.Handler {
        private final FrameWriter writer;
        private String path = "";
        private int asked;

        Conversation(FrameWriter writer) {
            this.writer = writer;
        }

        /** Answers the call whose last frame has come, if one has. */
        void answer() throws IOException {
            MessageLite answer = answerTo(path);
            if (asked == 0 || answer == null) {
                return;
            }
            byte[] message = answer.toByteArray();
            Buffer data = new Buffer();
            data.writeByte(0);
            data.writeInt(message.length);
            data.write(message);
            writer.headers(
                    asked, List.of(new Header(":status", "200"), new Header("content-type", "application/grpc")));
            writer.data(false, asked, data, (int) data.size());
            writer.synReply(true, asked, List.of(new Header("grpc-status", "0")));
            writer.flush();
            asked = 0;
        }

        @Override
        public void data(boolean last, int id, BufferedSource source, int length, int paddedLength) throws IOException {
            source.skip(length);
            if (last) {
                asked = id;
            }
        }

        @Override
        public void headers(boolean out, boolean last, int id, int associated, List<Header> all, HeadersMode mode) {
            for (Header header : all) {
                if (header.name.equals(Header.TARGET_PATH)) {
                    path = header.value.utf8();
                }
            }
        }

        @Override
        public void settings(boolean clearPrevious, Settings settings) {
            try {
                writer.ackSettings(settings);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void rstStream(int id, ErrorCode error) {}

        @Override
        public void ackSettings() {}

        @Override
        public void ping(boolean reply, int payload1, int payload2) {}

        @Override
        public void goAway(int lastStream, ErrorCode error, ByteString debugData) {}

        @Override
        public void windowUpdate(int id, long increment) {}

        @Override
        public void priority(int id, int dependency, int weight, boolean exclusive) {}

        @Override
        public void pushPromise(int id, int promisedId, List<Header> headers) {}

        @Override
        public void alternateService(int id, String origin, ByteString protocol, String host, int port, long age) {}
    }
}
