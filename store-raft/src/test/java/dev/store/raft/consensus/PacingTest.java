package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacingTest {
    private static final long TOOK = 2_000_000;
    private static final long NOW = 5_000_000_000L;

    private final Pacing pacing = new Pacing();

    @Test
    void theFirstEntryWaitsForNobody() {
        assertThat(pacing.remaining(1, NOW)).isNotPositive();
    }

    @Test
    void aLoneClientNeverWaits() {
        pacing.ended(1, 0, NOW, TOOK);
        assertThat(pacing.remaining(1, NOW + 1)).isNotPositive();
    }

    @Test
    void clientsWhoTakeTurnsBecomeOneCrowd() {
        pacing.ended(4, 4, NOW, TOOK);
        assertThat(pacing.company()).isEqualTo(6);
        assertThat(pacing.remaining(4, NOW + 1)).isPositive();
        assertThat(pacing.remaining(6, NOW + 1)).isNotPositive();
    }

    @Test
    void thoseWhoDoNotComeBackHoldUpTheOthersForAPartOfAnEntryOnly() {
        pacing.ended(4, 4, NOW, TOOK);
        long most = TOOK / Pacing.SHARE;
        assertThat(pacing.remaining(4, NOW + most - 1)).isEqualTo(1);
        assertThat(pacing.remaining(4, NOW + most)).isNotPositive();
    }

    @Test
    void anEntryThatTookVeryLongIsNoReasonToWaitLong() {
        pacing.ended(500, 500, NOW, 60_000_000_000L);
        assertThat(pacing.remaining(500, NOW + Pacing.MOST_NANOS)).isNotPositive();
    }
}
