package dev.store.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessFiguresTest {
    @Test
    void countersAreDifferencesAndMemoryIsTheLast() {
        ProcessFigures before = new ProcessFigures(1_000, 500, 600);
        ProcessFigures after = new ProcessFigures(4_000, 400, 700);

        assertThat(after.since(before)).isEqualTo(new ProcessFigures(3_000, 400, 700));
    }

    @Test
    void noProcessesHaveNoFigures() {
        assertThat(ProcessFigures.of(List.of())).isEqualTo(ProcessFigures.NONE);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void thisProcessHasUsedCpuAndMemory() {
        ProcessFigures self = ProcessFigures.ofSelf();

        assertThat(self.cpuMicros()).isPositive();
        assertThat(self.residentBytes()).isBetween(1L << 20, self.peakResidentBytes());
    }
}
