package dev.store.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SystemCpuTest {
    @Test
    void idleWaitingAndGuestsTimeIsNotBusy() {
        List<String> lines = List.of("cpu  100 20 30 5000 600 1 2 3 40 50", "cpu0 100 20 30 5000 600 1 2 3 40 50");

        assertThat(SystemCpu.busyMicros(lines)).isEqualTo(156 * 10_000);
    }

    @Test
    void machineThatDoesNotTellHasNone() {
        assertThat(SystemCpu.busyMicros(List.of("intr 7"))).isZero();
    }
}
