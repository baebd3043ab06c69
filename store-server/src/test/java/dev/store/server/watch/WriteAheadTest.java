package dev.store.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WriteAheadTest {
    private final WriteAhead writeAhead = new WriteAhead();

    @Test
    void laterStreamsGetWhatGrpcGivesUntilAnEarlierOneEnds() {
        assertThat(IntStream.range(0, WriteAhead.SHARES).map(i -> writeAhead.take()))
                .containsOnly(WriteAhead.SHARE_BYTES);
        assertThat(writeAhead.take()).isEqualTo(WriteAhead.LEAST_BYTES);
        writeAhead.giveBack(WriteAhead.LEAST_BYTES);
        assertThat(writeAhead.take()).isEqualTo(WriteAhead.LEAST_BYTES);

        writeAhead.giveBack(WriteAhead.SHARE_BYTES);

        assertThat(writeAhead.take()).isEqualTo(WriteAhead.SHARE_BYTES);
        assertThat(writeAhead.take()).isEqualTo(WriteAhead.LEAST_BYTES);
    }
}
