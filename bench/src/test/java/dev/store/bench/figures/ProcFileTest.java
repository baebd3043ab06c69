package dev.store.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcFileTest {
    @Test
    void cpuTimeIsUserAndSystemTimeInMicroseconds() {
        String stat = "4242 (java) S 1 4242 4242 0 -1 1077936128 100 0 3 0 250 50 7 7 20 0 30 0 99 1 2";

        assertThat(ProcFile.cpuMicros(stat)).isEqualTo(3_000_000);
    }

    @Test
    void commandWithSpacesAndBracketsDoesNotShiftTheFields() {
        String stat = "7 (a) (b c) R 1 7 7 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 99 1 2";

        assertThat(ProcFile.cpuMicros(stat)).isEqualTo(30_000);
    }

    @Test
    void brokenStatIsRefusedWithItsText() {
        assertThatThrownBy(() -> ProcFile.cpuMicros("7 (java) R 1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7 (java) R 1");
    }

    @Test
    void numbersAreFoundByNameWithAndWithoutUnit() {
        List<String> lines = List.of("VmRSSx:\t1 kB", "VmRSS:\t  2048 kB", "write_bytes: 77");

        assertThat(ProcFile.number(lines, "VmRSS")).isEqualTo(2048);
        assertThat(ProcFile.number(lines, "write_bytes")).isEqualTo(77);
        assertThat(ProcFile.number(lines, "absent")).isZero();
    }
}
