package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final long MS = 1_000_000;

    private final Silence silence = new Silence();

    @Test
    void beforeTheFirstEntryThereIsNoNews() {
        assertThat(silence.hasNews()).isFalse();
    }

    @Test
    void itIsTimeToTellWhenNothingFollowedAnEntryForTwoMilliseconds() {
        silence.began(0);
        silence.ended(5 * MS, 5 * MS);
        assertThat(silence.hasNews()).isTrue();
        assertThat(silence.remaining(6 * MS)).isEqualTo(MS);
        assertThat(silence.remaining(7 * MS)).isZero();
    }

    @Test
    void whatWasToldIsNoNews() {
        silence.began(0);
        silence.ended(MS, MS);
        silence.told();
        assertThat(silence.hasNews()).isFalse();
    }

    @Test
    void thatTheNextEntryIsUnderWayIsNoSilence() {
        silence.began(0);
        silence.ended(MS, MS);
        silence.began(2 * MS);
        assertThat(silence.remaining(60 * MS)).isPositive();
    }

    @Test
    void theEndOfAnEntryIsExpectedWhenItTakesAsLongAsTheLastOne() {
        silence.began(0);
        silence.ended(5 * MS, 5 * MS);
        silence.began(10 * MS);
        assertThat(silence.remaining(10 * MS)).isEqualTo(7 * MS);
    }

    @Test
    void anEntryThatEndsAfterItsNewsWasToldIsNewsAgain() {
        silence.began(0);
        silence.began(MS);
        silence.ended(2 * MS, 2 * MS);
        silence.told();
        silence.ended(9 * MS, 8 * MS);
        assertThat(silence.hasNews()).isTrue();
    }
}
