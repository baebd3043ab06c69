package dev.store.server.discovery;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Sends messages that were encoded before, and shared, without another copy of them. */
final class EncodedMarshaller implements MethodDescriptor.Marshaller<ByteString> {
    @Override
    public InputStream stream(ByteString message) {
        return new EncodedStream(message);
    }

    @Override
    public ByteString parse(InputStream stream) {
        throw new UnsupportedOperationException("a server only writes encoded messages");
    }

    private static final class EncodedStream extends InputStream implements Drainable, KnownLength {
        private final ByteString message;
        private boolean drained;
        private @Nullable InputStream partial;

        EncodedStream(ByteString message) {
            this.message = message;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            InputStream begun = partial;
            if (begun != null) {
                return Math.toIntExact(begun.transferTo(target));
            }
            if (drained) {
                return 0;
            }
            drained = true;
            message.writeTo(target);
            return message.size();
        }

        @Override
        public int available() throws IOException {
            InputStream begun = partial;
            return begun != null ? begun.available() : drained ? 0 : message.size();
        }

        @Override
        public int read() throws IOException {
            return bytes().read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return bytes().read(target, offset, length);
        }

        private InputStream bytes() {
            InputStream open = partial;
            if (open == null) {
                open = drained ? InputStream.nullInputStream() : message.newInput();
                partial = open;
            }
            return open;
        }
    }
}
