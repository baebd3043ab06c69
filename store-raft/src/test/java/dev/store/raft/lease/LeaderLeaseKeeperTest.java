package dev.store.raft.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.lease.LeaseKeeper.Renewal;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.GrantLease;
import dev.store.raft.v1.RenewLeases;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaderLeaseKeeperTest {
    private static final long TERM = 7;

    // The clock wraps in the middle of the tests, as System.nanoTime may.
    private long nanos = Long.MAX_VALUE - 2_000_000_000L;
    private final LeaderLeaseKeeper keeper = new LeaderLeaseKeeper(() -> nanos);
    private final LeaseTable table = new LeaseTable();

    @Test
    void theLeaseClockStartsFromWhatWasReplicatedAndRunsOnlyOnALeader() {
        assertThat(keeper.leaseTimeMs()).isZero();
        keeper.lead(TERM, 5_000, List.of());
        pass(1_500);
        assertThat(keeper.leaseTimeMs()).isEqualTo(6_500);
        keeper.follow();
        pass(1_000);
        assertThat(keeper.leaseTimeMs()).isEqualTo(5_000);
        keeper.lead(TERM + 1, 5_200, List.of());
        assertThat(keeper.leaseTimeMs()).isEqualTo(5_200);
    }

    @Test
    void aLeaseEndsAfterItsTimeAndNotBefore() {
        lead();
        grant(1, 20_000);
        pass(19_999);
        assertThat(keeper.due()).isEmpty();
        assertThat(keeper.remainingMs(1)).isEqualTo(1);
        pass(1);
        assertThat(applyDue()).hasSize(1);
        assertThat(table.has(1)).isFalse();
        assertThat(keeper.remainingMs(1)).isEqualTo(-1);
    }

    @Test
    void aKeepaliveMovesTheDeadlineFromTheTimeAtWhichItCameIn() {
        lead();
        grant(1, 5_000);
        pass(4_000);
        Renewal renewal = keeper.begin("", List.of(1L));
        assertThat(renewal.toRenew()).isEmpty();
        pass(500);
        assertThat(keeper.complete(renewal)).containsExactly(5_000L);
        assertThat(keeper.remainingMs(1)).isEqualTo(4_500);
        pass(4_499);
        assertThat(applyDue()).isEmpty();
        pass(1);
        applyDue();
        assertThat(table.has(1)).isFalse();
    }

    @Test
    void theFirstKeepaliveOfALongLeaseMustBeReplicatedAndLaterOnesNeedNot() {
        lead();
        grant(1, 60_000);
        Renewal first = keeper.begin("", List.of(1L));
        assertThat(first.toRenew()).containsExactly(1L);
        renew(first);
        assertThat(keeper.complete(first)).containsExactly(60_000L);

        Renewal second = keeper.begin("", List.of(1L));
        assertThat(second.toRenew()).isEmpty();
    }

    @Test
    void aLongLeaseWhoseOwnerGoesSilentIsWrittenDownOnceAndMustThenBeReplicatedAgain() {
        lead();
        grant(1, 60_000);
        keepAlive(1);
        pass(29_000);
        assertThat(applyDue()).isEmpty();
        pass(1_001);
        List<Command> due = applyDue();
        assertThat(due).hasSize(1);
        assertThat(due.get(0).getCheckpointLeases().getLeases(0).getDeadlineMs())
                .isEqualTo(60_000);
        pass(1_000);
        assertThat(applyDue()).isEmpty();

        assertThat(keeper.begin("", List.of(1L)).toRenew()).containsExactly(1L);
    }

    @Test
    void shortLeasesAreNeverWrittenDown() {
        lead();
        grant(1, 10_000);
        keepAlive(1);
        pass(9_000);
        assertThat(applyDue()).isEmpty();
    }

    @Test
    void aNewLeaderGivesWhatIsLeftOfAWrittenDeadlineAndTheFullTimeToWhatWasKeptAlive() {
        LeaseState written = new LeaseState(1, "default", 60_000, 0, 100_000, 3, false, 0);
        LeaseState kept = new LeaseState(2, "default", 60_000, 0, 100_000, 3, true, 0);
        LeaseState shortOne = new LeaseState(3, "default", 5_000, 0, 71_000, 3, true, 0);
        keeper.lead(TERM, 70_000, List.of(written, kept, shortOne));

        assertThat(keeper.remainingMs(1)).isEqualTo(30_000);
        assertThat(keeper.remainingMs(2)).isEqualTo(60_000);
        assertThat(keeper.remainingMs(3)).isEqualTo(5_000);
        assertThat(keeper.remainingMs(4)).isEqualTo(-1);
    }

    @Test
    void aFollowerKnowsNothingAndProposesNothing() {
        lead();
        grant(1, 1_000);
        keeper.follow();
        pass(10_000);

        assertThat(keeper.due()).isEmpty();
        assertThat(keeper.remainingMs(1)).isEqualTo(-1);
        assertThatThrownBy(() -> keeper.begin("", List.of(1L))).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NO_LEADER);
        });
    }

    @Test
    void aKeepaliveThatSpansAChangeOfLeaderIsNotAcknowledged() {
        lead();
        grant(1, 5_000);
        Renewal renewal = keeper.begin("", List.of(1L));
        keeper.follow();
        keeper.lead(TERM + 2, table.leaseTimeMs(), table.leases());

        assertThatThrownBy(() -> keeper.complete(renewal)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NO_LEADER);
        });
    }

    @Test
    void aKeepaliveThatBeganInTimeHoldsTheExpiryBack() {
        lead();
        grant(1, 5_000);
        pass(4_900);
        Renewal renewal = keeper.begin("", List.of(1L));
        pass(1_000);
        assertThat(keeper.due()).isEmpty();
        assertThat(keeper.complete(renewal)).containsExactly(5_000L);
        pass(3_800);
        assertThat(keeper.due()).isEmpty();
    }

    @Test
    void aKeepaliveThatIsNeverCompletedHoldsTheExpiryBackForFiveSecondsOnly() {
        lead();
        grant(1, 5_000);
        pass(4_900);
        keeper.begin("", List.of(1L));
        pass(4_999);
        assertThat(keeper.due()).isEmpty();
        pass(100);
        assertThat(applyDue()).hasSize(1);
    }

    @Test
    void anAbandonedKeepaliveHoldsNothingBack() {
        lead();
        grant(1, 5_000);
        pass(4_900);
        keeper.abandon(keeper.begin("", List.of(1L)));
        pass(200);
        assertThat(applyDue()).hasSize(1);
    }

    @Test
    void aKeepaliveOfALeaseWhoseExpiryIsProposedObeysTheOrderOfTheLog() {
        lead();
        grant(1, 5_000);
        grant(2, 5_000);
        pass(5_000);
        List<Command> expiry = keeper.due();
        Renewal renewal = keeper.begin("", List.of(1L, 2L));
        assertThat(renewal.toRenew()).containsExactly(1L, 2L);

        // Of 1 the renewal comes first in the log, of 2 the expiry.
        apply(Command.newBuilder()
                .setRenewLeases(RenewLeases.newBuilder().addLeaseIds(1))
                .build());
        expiry.forEach(this::apply);
        apply(Command.newBuilder()
                .setRenewLeases(RenewLeases.newBuilder().addLeaseIds(2))
                .build());

        assertThat(keeper.complete(renewal)).containsExactly(5_000L, 0L);
        assertThat(table.has(1)).isTrue();
        assertThat(table.has(2)).isFalse();
    }

    @Test
    void aKeepaliveSoSlowThatTheExpiryWasProposedMeanwhileIsNotAcknowledged() {
        lead();
        grant(1, 5_000);
        pass(4_900);
        Renewal renewal = keeper.begin("", List.of(1L));
        pass(6_000);
        assertThat(keeper.due()).hasSize(1);

        assertThatThrownBy(() -> keeper.complete(renewal)).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.OUTCOME_UNKNOWN);
        });
    }

    @Test
    void whatWasProposedIsNotProposedAgainUnlessItFailed() {
        lead();
        grant(1, 5_000);
        pass(5_000);
        List<Command> first = keeper.due();
        pass(1_000);
        assertThat(keeper.due()).isEmpty();
        first.forEach(keeper::failed);
        pass(100);
        assertThat(keeper.due()).isEqualTo(first);
    }

    @Test
    void aLeaseWhoseExpiryFailedWithUnknownOutcomeIsRenewedThroughTheLog() {
        lead();
        grant(1, 5_000);
        pass(5_000);
        List<Command> expiry = keeper.due();
        expiry.forEach(keeper::failed);
        Renewal renewal = keeper.begin("", List.of(1L));
        assertThat(renewal.toRenew()).containsExactly(1L);
        renew(renewal);
        assertThat(keeper.complete(renewal)).containsExactly(5_000L);

        // It was in the log all the time, and finds another epoch.
        expiry.forEach(this::apply);
        assertThat(table.has(1)).isTrue();
    }

    @Test
    void aLostProposalIsMadeAgainAtLast() {
        lead();
        grant(1, 5_000);
        pass(5_000);
        assertThat(keeper.due()).hasSize(1);
        pass(10_100);
        assertThat(applyDue()).hasSize(1);
        assertThat(table.has(1)).isFalse();
    }

    @Test
    void leasesOfAnotherNamespaceAndUnknownOnesAreGone() {
        lead();
        grant(1, 5_000);

        assertThat(keeper.complete(keeper.begin("other", List.of(1L)))).containsExactly(0L);
        assertThat(keeper.complete(keeper.begin("default", List.of(9L, 1L)))).containsExactly(0L, 5_000L);
    }

    @Test
    void manyLeasesEndWithFewCommandsOfAtMostAThousandEach() {
        lead();
        for (int id = 1; id <= 10_500; id++) {
            grant(id, 5_000);
        }
        pass(5_000);
        List<Command> due = applyDue();

        assertThat(due).hasSize(11);
        assertThat(due).allMatch(command -> command.getExpireLeases().getLeasesCount() <= 1_000);
        assertThat(table.leases()).isEmpty();
    }

    @Test
    void leasesWithManyKeysEndInSmallerCommands() {
        List<LeaseState> leases = new ArrayList<>();
        for (int id = 1; id <= 10; id++) {
            leases.add(new LeaseState(id, "default", 5_000, 0, 5_000, id, true, 6_000));
        }
        keeper.lead(TERM, 0, leases);
        pass(5_000);

        assertThat(keeper.due()).hasSize(5);
    }

    @Test
    void aHundredThousandLeasesAreKeptAliveInBatchesWithoutAnEntry() {
        lead();
        List<Long> ids = new ArrayList<>();
        for (long id = 1; id <= 100_000; id++) {
            grant(id, 10_000);
            ids.add(id);
        }
        for (int round = 0; round < 5; round++) {
            pass(3_000);
            for (int from = 0; from < ids.size(); from += 10_000) {
                Renewal renewal = keeper.begin("", ids.subList(from, from + 10_000));
                assertThat(renewal.toRenew()).isEmpty();
                assertThat(keeper.complete(renewal)).doesNotContain(0L);
            }
            assertThat(keeper.due()).isEmpty();
        }
        pass(10_000);
        int commands = 0;
        for (int turn = 0; turn < 10; turn++) {
            commands += applyDue().size();
            pass(50);
        }
        assertThat(commands).isBetween(100, 110);
        assertThat(table.leases()).isEmpty();
    }

    @Test
    void anExpiryOfAnEarlierTermDoesNothingToALeaseRenewedSince() {
        lead();
        grant(1, 5_000);
        pass(5_000);
        List<Command> late = keeper.due();
        keeper.follow();
        keeper.lead(TERM + 2, table.leaseTimeMs(), table.leases());
        pass(100);
        assertThat(keeper.complete(keeper.begin("", List.of(1L)))).containsExactly(5_000L);

        late.forEach(command ->
                table.apply(new LeaseTable.Entry(TERM + 2, TERM + 2, keeper.leaseTimeMs() + 90_000, command), keeper));

        assertThat(table.has(1)).isTrue();
    }

    private void lead() {
        keeper.lead(TERM, table.leaseTimeMs(), table.leases());
    }

    private void pass(long millis) {
        nanos += millis * 1_000_000;
    }

    private void grant(long id, long ttlMs) {
        apply(Command.newBuilder()
                .setGrantLease(GrantLease.newBuilder().setLeaseId(id).setTtlMs(ttlMs))
                .build());
    }

    private void keepAlive(long id) {
        Renewal renewal = keeper.begin("", List.of(id));
        renew(renewal);
        keeper.complete(renewal);
    }

    private void renew(Renewal renewal) {
        apply(Command.newBuilder()
                .setRenewLeases(RenewLeases.newBuilder().addAllLeaseIds(renewal.toRenew()))
                .build());
    }

    private List<Command> applyDue() {
        List<Command> due = keeper.due();
        due.forEach(this::apply);
        return due;
    }

    private void apply(Command command) {
        table.apply(new LeaseTable.Entry(TERM, TERM, keeper.leaseTimeMs(), command), keeper);
    }
}
