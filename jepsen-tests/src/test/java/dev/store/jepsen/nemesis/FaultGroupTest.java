package dev.store.jepsen.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultGroupTest {
    @Test
    void everyGroupIsFoundByItsWord() {
        for (FaultGroup group : FaultGroup.values()) {
            assertThat(FaultGroup.of(group.word())).isEqualTo(group);
        }
        assertThatThrownBy(() -> FaultGroup.of("earthquake"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("power");
    }

    @Test
    void whatTheMachineDoesNotAllowIsLeftOutAndSaid() {
        for (FaultGroup group : FaultGroup.values()) {
            Set<Need> needs = group.needs();
            assertThat(needs).allMatch(need -> need.obstacle().isEmpty());
            if (group.faults().isEmpty() && group != FaultGroup.NONE) {
                assertThat(group.obstacle()).as(group.word()).isNotEmpty();
            }
        }
    }

    @Test
    void noTwoFaultsHaveOneName() {
        assertThat(Arrays.stream(Fault.values()).map(Fault::word).collect(Collectors.toSet()))
                .hasSameSizeAs(Fault.values());
    }
}
