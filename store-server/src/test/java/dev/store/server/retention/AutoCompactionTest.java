package dev.store.server.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.MemberRole;
import dev.store.raft.v1.CommandResult;
import dev.store.server.config.HistoryConfig;
import dev.store.server.testing.ScriptedReplica;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AutoCompactionTest {
    private final ScriptedReplica replica = new ScriptedReplica();
    private long now;
    private final AutoCompaction job = new AutoCompaction(
            replica, new HistoryConfig(Duration.ofHours(1), 1_000, Duration.ofMinutes(1)), () -> now);

    @Test
    void theLeaderProposesEachCompactionOnce() {
        replica.setRevision(1_500);

        job.run();
        job.run();

        assertThat(replica.proposed()).singleElement().satisfies(command -> assertThat(
                        command.getCompact().getRevision())
                .isEqualTo(500));
    }

    @Test
    void aFollowerProposesNothingButTakesOverWithWhatItSawGrowOld() {
        replica.setRole(MemberRole.MEMBER_ROLE_FOLLOWER);
        replica.setRevision(10);
        job.run();
        now += Duration.ofHours(2).toNanos();
        job.run();
        assertThat(replica.proposed()).isEmpty();

        replica.setRole(MemberRole.MEMBER_ROLE_LEADER);
        job.run();

        assertThat(replica.proposed()).singleElement().satisfies(command -> assertThat(
                        command.getCompact().getRevision())
                .isEqualTo(10));
    }

    @Test
    void aProposalThatFailedIsMadeAgain() {
        replica.setRevision(1_500);
        replica.setNextResult(
                CompletableFuture.failedFuture(new StoreException(ErrorCode.OUTCOME_UNKNOWN, "leadership lost")));
        job.run();

        replica.setNextResult(CompletableFuture.completedFuture(CommandResult.getDefaultInstance()));
        job.run();
        job.run();

        assertThat(replica.proposed()).hasSize(2);
    }
}
