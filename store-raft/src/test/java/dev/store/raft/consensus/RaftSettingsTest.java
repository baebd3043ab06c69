package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.ratis.retry.RetryPolicy;
import org.junit.jupiter.api.Test;

class RaftSettingsTest {
    @Test
    void memberThatIsBackHearsFromItsLeaderBeforeItCampaignsHoweverLongItWasAway() {
        long electionMinMillis = 1_000;
        RetryPolicy retries = RetryPolicy.parse(RaftSettings.retries(electionMinMillis), "retries");

        assertThat(IntStream.of(1, 10, 11, 30, 31, 1_030, 1_031, 1_000_000))
                .allSatisfy(failures -> assertThat(retries.handleAttemptFailure(() -> failures)
                                .getSleepTime()
                                .toLong(TimeUnit.MICROSECONDS))
                        .isBetween(1L, electionMinMillis * 1_000 / 2));
    }
}
