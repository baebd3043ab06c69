package dev.store.server.watch;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Hands frames to the transport without a copy of their own: the transport drains them into its buffers. */
final class WatchFrameMarshaller implements MethodDescriptor.Marshaller<WatchFrame> {
    @Override
    public InputStream stream(WatchFrame frame) {
        return new FrameStream(frame);
    }

    @Override
    public WatchFrame parse(InputStream stream) {
        throw new UnsupportedOperationException("a server only writes frames");
    }

    private static final class FrameStream extends InputStream implements Drainable, KnownLength {
        private @Nullable WatchFrame frame;
        private @Nullable InputStream partial;

        FrameStream(WatchFrame frame) {
            this.frame = frame;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            WatchFrame whole = frame;
            if (whole == null) {
                return partial == null ? 0 : Math.toIntExact(partial.transferTo(target));
            }
            frame = null;
            whole.writeTo(target);
            return whole.sizeBytes();
        }

        @Override
        public int available() throws IOException {
            return frame != null ? frame.sizeBytes() : partial == null ? 0 : partial.available();
        }

        @Override
        public int read() throws IOException {
            return bytes().read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return bytes().read(target, offset, length);
        }

        /** Transports that read instead of drain (the in-process one) get an ordinary stream. */
        private InputStream bytes() throws IOException {
            InputStream open = partial;
            if (open == null) {
                ByteArrayOutputStream copy = new ByteArrayOutputStream();
                drainTo(copy);
                open = new ByteArrayInputStream(copy.toByteArray());
                partial = open;
            }
            return open;
        }
    }
}
