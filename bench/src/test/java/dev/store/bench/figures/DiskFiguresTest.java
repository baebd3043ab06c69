package dev.store.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiskFiguresTest {
    private static final List<String> LINES = List.of(
            "   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0",
            " 254       0 vda 81781 9333 3016482 25826 91394 124935 20 83144 0 58728 153140 76632 21 9042176 25940 1 2");

    @Test
    void bytesAreTheSectorsWrittenToTheDevice() {
        assertThat(DiskFigures.written(LINES, 254L << 8)).isEqualTo(20 * 512);
    }

    @Test
    void deviceThatIsNotListedHasNoFigures() {
        assertThat(DiskFigures.written(LINES, 253L << 8)).isZero();
    }
}
