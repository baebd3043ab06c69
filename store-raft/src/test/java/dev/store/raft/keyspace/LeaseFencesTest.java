package dev.store.raft.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.raft.lease.LeaseState;
import dev.store.raft.storage.MemoryStore;
import dev.store.raft.v1.CheckpointLeases;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.CommandResult;
import dev.store.raft.v1.ExpireLeases;
import dev.store.raft.v1.LeaseDeadline;
import dev.store.raft.v1.LogBatch;
import dev.store.raft.v1.RenewLeases;
import org.junit.jupiter.api.Test;

/** What keeps a command of a deposed leader from ending a lease that lives. */
class LeaseFencesTest {
    private static final long TERM = 1;

    private final TestKeyspace test = new TestKeyspace(new MemoryStore());

    @Test
    void anExpiryOrCheckpointMadeInAnotherTermDoesNothing() {
        test.apply(Commands.grant(7, 5_000));
        test.leaseTimeMs = 100_000;
        LeaseState lease = lease();

        assertThat(touched(expire(lease, TERM + 1))).isZero();
        assertThat(touched(checkpoint(lease, TERM + 1))).isZero();
        assertThat(lease()).isEqualTo(lease);
        assertThat(touched(checkpoint(lease, TERM))).isEqualTo(1);
        assertThat(touched(expire(lease(), TERM))).isEqualTo(1);
        assertThat(test.keyspace.leases()).isEmpty();
    }

    @Test
    void aStampMadeInAnotherTermDoesNotMoveTheLeaseClock() {
        LogBatch late = LogBatch.newBuilder()
                .setWallTimeMs(5_000_000)
                .setLeaseTimeMs(900_000)
                .setLeaseTerm(TERM + 1)
                .addCommands(Commands.put("a", "1"))
                .build();
        test.keyspace.apply(new LogPosition(TERM, 0), late);
        assertThat(test.keyspace.leaseTimeMs()).isZero();
        assertThat(test.keyspace.wallTimeMs()).isEqualTo(5_000_000);

        test.keyspace.apply(
                new LogPosition(TERM, 1), late.toBuilder().setLeaseTerm(TERM).build());
        assertThat(test.keyspace.leaseTimeMs()).isEqualTo(900_000);
    }

    @Test
    void everyRenewalInTheLogOutdatesAnExpiryMadeBeforeIt() {
        test.apply(Commands.grant(7, 5_000));
        LeaseState seen = lease();
        assertThat(seen.keptAlive()).isTrue();
        test.apply(Command.newBuilder()
                .setRenewLeases(RenewLeases.newBuilder().addLeaseIds(7))
                .build());
        test.leaseTimeMs = 100_000;

        assertThat(touched(expire(seen, TERM))).isZero();
    }

    @Test
    void anExpiryMeantForAnEarlierLeaseOfTheSameIdDoesNothing() {
        test.apply(Commands.grant(7, 5_000));
        LeaseState earlier = lease();
        test.applyAll(Commands.revoke(7), Commands.grant(7, 5_000));
        test.leaseTimeMs = 100_000;

        assertThat(lease().epoch()).isGreaterThan(earlier.epoch());
        assertThat(touched(expire(earlier, TERM))).isZero();
    }

    private LeaseState lease() {
        return test.keyspace.lease(7).orElseThrow();
    }

    private int touched(Command command) {
        CommandResult result = test.apply(command);
        return result.getLeases().getLeaseIdsCount();
    }

    private static Command expire(LeaseState lease, long term) {
        return Command.newBuilder()
                .setExpireLeases(
                        ExpireLeases.newBuilder().addLeases(deadline(lease)).setTerm(term))
                .build();
    }

    private static Command checkpoint(LeaseState lease, long term) {
        return Command.newBuilder()
                .setCheckpointLeases(
                        CheckpointLeases.newBuilder().addLeases(deadline(lease)).setTerm(term))
                .build();
    }

    private static LeaseDeadline deadline(LeaseState lease) {
        return LeaseDeadline.newBuilder()
                .setLeaseId(lease.id())
                .setEpoch(lease.epoch())
                .setDeadlineMs(lease.deadlineMs())
                .build();
    }
}
