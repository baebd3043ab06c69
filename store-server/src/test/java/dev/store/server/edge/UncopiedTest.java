package dev.store.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UncopiedTest {
    static Stream<ByteString> kinds() {
        ByteString array = ByteString.copyFromUtf8("0123456789".repeat(100));
        return Stream.of(
                ByteString.EMPTY,
                array,
                array.substring(17, 900),
                array.concat(array.substring(3)).concat(array),
                UnsafeByteOperations.unsafeWrap(ByteBuffer.allocateDirect(300).putInt(0, 7)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void allBytesOfAnyKindAreWritten(ByteString bytes) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();

        Uncopied.write(bytes, written);

        assertThat(written.toByteArray()).isEqualTo(bytes.toByteArray());
    }

    @Test
    void theArrayItselfIsHandedToTheStream() throws IOException {
        byte[] array = "value".getBytes(StandardCharsets.UTF_8);
        List<byte[]> handed = new ArrayList<>();

        Uncopied.write(UnsafeByteOperations.unsafeWrap(array), new OutputStream() {
            @Override
            public void write(int value) {
                throw new AssertionError("one byte at a time");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                handed.add(bytes);
            }
        });

        assertThat(handed).hasSize(1);
        assertThat(handed.get(0)).isSameAs(array);
    }
}
