package dev.store.server.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.MemberRole;
import dev.store.raft.v1.CommandResult;
import dev.store.server.config.HistoryConfig;
import dev.store.server.testing.ScriptedReplica;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutoCompactionTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @TempDir
    Path folder;

    private final ScriptedReplica replica = new ScriptedReplica();
    private StampedKeyspace keyspace;
    private long nanos;
    private long wallMs = 1_000 * HOUR;

    @BeforeEach
    void open() {
        keyspace = new StampedKeyspace(folder.resolve("db"));
        replica.setHistory(keyspace.history());
    }

    @AfterEach
    void close() {
        keyspace.close();
    }

    @Test
    void theLeaderProposesEachCompactionOnce() {
        long old = keyspace.putAt(wallMs - HOUR);
        keyspace.putAt(wallMs);
        AutoCompaction job = started();

        job.run();
        job.run();

        assertThat(compactions()).containsExactly(old);
    }

    @Test
    void ageGoesOnThroughARestart() {
        long old = keyspace.putAt(wallMs - 5 * HOUR);
        keyspace.putAt(wallMs - HOUR / 2);
        keyspace.restart();
        replica.setHistory(keyspace.history());

        AutoCompaction job = started();
        job.run();

        assertThat(compactions()).containsExactly(old);
    }

    @Test
    void aFollowerProposesNothingUntilItLeads() {
        long old = keyspace.putAt(wallMs - 2 * HOUR);
        replica.setRole(MemberRole.MEMBER_ROLE_FOLLOWER);
        AutoCompaction job = started();
        job.run();
        assertThat(replica.proposed()).isEmpty();

        replica.setRole(MemberRole.MEMBER_ROLE_LEADER);
        job.run();

        assertThat(compactions()).containsExactly(old);
    }

    @Test
    void aWallClockThatJumpsForwardMakesNothingOld() {
        long young = keyspace.putAt(wallMs);
        AutoCompaction job = started();

        wallMs += 24 * HOUR;
        pass(Duration.ofMinutes(59));
        job.run();
        assertThat(replica.proposed()).isEmpty();

        pass(Duration.ofMinutes(1));
        job.run();
        assertThat(compactions()).containsExactly(young);
    }

    @Test
    void aWallClockThatIsPutRightBackwardsMakesNothingOld() {
        wallMs += 24 * HOUR;
        AutoCompaction job = started();
        wallMs -= 24 * HOUR;
        keyspace.putAt(wallMs);

        job.run();

        assertThat(replica.proposed()).isEmpty();
    }

    @Test
    void aProposalThatFailedIsMadeAgain() {
        keyspace.putAt(wallMs - 2 * HOUR);
        AutoCompaction job = started();
        replica.setNextResult(
                CompletableFuture.failedFuture(new StoreException(ErrorCode.OUTCOME_UNKNOWN, "leadership lost")));
        job.run();

        replica.setNextResult(CompletableFuture.completedFuture(CommandResult.getDefaultInstance()));
        job.run();
        job.run();

        assertThat(replica.proposed()).hasSize(2);
    }

    private AutoCompaction started() {
        return new AutoCompaction(
                replica, new HistoryConfig(Duration.ofHours(1), 0, Duration.ofMinutes(1)), () -> nanos, () -> wallMs);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
        wallMs += time.toMillis();
    }

    private List<Long> compactions() {
        return replica.proposed().stream()
                .map(command -> command.getCompact().getRevision())
                .toList();
    }
}
