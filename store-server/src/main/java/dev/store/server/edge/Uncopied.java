package dev.store.server.edge;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Writes bytes to a stream without a copy between: {@code ByteString.writeTo(OutputStream)} hands over a copy of its array, as a
 * stream might keep it, or change it. The streams of transports, for which this is, do neither.
 */
public final class Uncopied {
    private Uncopied() {}

    /** Writes to a stream that only reads what it is given, and only during the call. */
    public static void write(ByteString bytes, OutputStream target) throws IOException {
        UnsafeByteOperations.unsafeWriteTo(bytes, new Output(target));
    }

    private static final class Output extends ByteOutput {
        private final OutputStream target;

        Output(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(byte value) throws IOException {
            target.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            target.write(bytes, offset, length);
        }

        @Override
        public void writeLazy(byte[] bytes, int offset, int length) throws IOException {
            target.write(bytes, offset, length);
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            writeLazy(bytes);
        }

        @Override
        public void writeLazy(ByteBuffer bytes) throws IOException {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            target.write(copy);
        }
    }
}
