package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final Readiness readiness = new Readiness();
    private long millis;

    private boolean after(long passed, long applied, long committed) {
        return after(passed, new Readiness.Seen(true, 3, 3, applied, committed));
    }

    private boolean after(long passed, Readiness.Seen seen) {
        millis += passed;
        return readiness.look(seen, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void whoHasAppliedWhatWasCommittedAMomentAgoIsReady() {
        assertThat(after(50, 10, 20)).isFalse();
        assertThat(after(50, 20, 30)).isTrue();
        assertThat(after(50, 30, 40)).isTrue();
    }

    @Test
    void whoIsBehindForAMomentStaysReady() {
        after(50, 10, 10);
        after(50, 10, 20);

        assertThat(after(50, 15, 1_000)).isTrue();
        assertThat(after(900, 19, 2_000)).isTrue();
        assertThat(after(50, 20, 3_000)).isTrue();
    }

    @Test
    void whoFallsBehindForLongerIsNotUntilItHasCaughtUp() {
        after(50, 10, 10);
        after(50, 10, 20);

        assertThat(after(1_001, 19, 1_000)).isFalse();
        assertThat(after(50, 19, 1_000)).isFalse();
        assertThat(after(50, 20, 1_000)).isTrue();
    }

    @Test
    void afterAStartAnEntryOfThePresentTermMustBeAppliedFirst() {
        Readiness.Seen replayed = new Readiness.Seen(true, 3, 2, 10, 10);
        after(50, replayed);

        assertThat(after(50, replayed)).isFalse();
        assertThat(after(50, new Readiness.Seen(true, 3, 3, 11, 11))).isTrue();
    }

    @Test
    void withoutALeaderNobodyIsReady() {
        Readiness.Seen alone = new Readiness.Seen(false, 3, 3, 10, 10);
        after(50, alone);

        assertThat(after(50, alone)).isFalse();
        assertThat(after(50, 10, 10)).isTrue();
    }
}
