package dev.store.jepsen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.nemesis.FaultGroup;
import dev.store.jepsen.run.WorkloadKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TierTest {
    @Test
    void theFullMatrixHasEveryWorkloadUnderEveryGeneralGroup() {
        List<FaultGroup> general =
                Arrays.stream(FaultGroup.values()).filter(FaultGroup::inMatrix).toList();

        assertThat(general)
                .doesNotContain(FaultGroup.KILL_LEADER, FaultGroup.POWER_ALL)
                .contains(FaultGroup.ALL);
        assertThat(Tier.FULL.pairs()).hasSize(WorkloadKind.values().length * general.size());
    }
}
