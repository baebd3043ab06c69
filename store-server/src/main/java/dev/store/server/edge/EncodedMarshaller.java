package dev.store.server.edge;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Hands answers that were encoded before, once for all who receive them, to the transport without a copy of their own: the
 * transport drains them into its buffers.
 */
public final class EncodedMarshaller<T> implements MethodDescriptor.Marshaller<T> {
    private final ToIntFunction<T> size;
    private final Writer<T> writer;

    /** Writes an answer. */
    @FunctionalInterface
    public interface Writer<T> {
        void write(T answer, OutputStream target) throws IOException;
    }

    /**
     * Makes a marshaller.
     *
     * @param size how many bytes an answer has
     * @param writer writes exactly these
     */
    public EncodedMarshaller(ToIntFunction<T> size, Writer<T> writer) {
        this.size = size;
        this.writer = writer;
    }

    @Override
    public InputStream stream(T answer) {
        return new EncodedStream(answer);
    }

    /** Never called: a server does not read its own answers. */
    @Override
    public T parse(InputStream stream) {
        throw new UnsupportedOperationException("a server only writes encoded answers");
    }

    private final class EncodedStream extends InputStream implements Drainable, KnownLength {
        private @Nullable T answer;
        private @Nullable InputStream partial;

        EncodedStream(T answer) {
            this.answer = answer;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            T whole = answer;
            if (whole == null) {
                return partial == null ? 0 : Math.toIntExact(partial.transferTo(target));
            }
            answer = null;
            writer.write(whole, target);
            return size.applyAsInt(whole);
        }

        @Override
        public int available() throws IOException {
            T whole = answer;
            return whole != null ? size.applyAsInt(whole) : partial == null ? 0 : partial.available();
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
