package dev.store.raft.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.api.error.StoreException;
import dev.store.raft.lease.LeaseKeeper.Renewal;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.GrantLease;
import dev.store.raft.v1.RenewLeases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two members that lead in turn, each with a keeper; proposals that are lost, delayed within their term, or end up in a
 * later one. Whatever happens, no lease ends before what its owner was promised, and all end when the owners are silent.
 */
class LeaseLifeTest {
    private static final int STEPS = 4_000;
    private static final long[] TTLS_MS = {1_000, 5_000, 10_000, 15_000, 40_000};

    private final List<LeaseTable.Entry> log = new ArrayList<>();
    private final List<Member> members = List.of(new Member(), new Member());
    private final List<Delayed> delayed = new ArrayList<>();
    private final Map<Long, Long> promisedNanos = new HashMap<>();
    private long nanos;
    private long term;
    private int leader;
    private long lastLease;
    private int ended;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void noLeaseEndsEarlyAndAllEndAtLast(int seed) {
        Random random = new Random(seed);
        changeLeader(0);
        for (int step = 0; step < STEPS; step++) {
            step(random);
        }
        assertThat(promisedNanos.size()).as("seed %d: leases granted", seed).isGreaterThan(50);

        delayed.clear();
        for (int step = 0; step < 2_000; step++) {
            nanos += 100_000_000;
            proposeDue(random, false);
            applyAll();
        }
        assertThat(members.get(leader).table.leases()).as("seed %d", seed).isEmpty();
        assertThat(ended).as("seed %d: leases ended", seed).isGreaterThan(50);
    }

    private void step(Random random) {
        nanos += random.nextInt(random.nextInt(50) == 0 ? 3_000 : 100) * 1_000_000L;
        Member leading = members.get(leader);
        switch (random.nextInt(12)) {
            case 0, 1 -> {
                lastLease++;
                long ttl = TTLS_MS[random.nextInt(TTLS_MS.length)];
                promisedNanos.put(lastLease, nanos + ttl * 1_000_000);
                append(leading, grant(lastLease, ttl));
                applyAll();
            }
            case 2, 3, 4, 5 -> keepAlive(leading, 1 + random.nextLong(Math.max(1, lastLease)), random);
            case 6 -> {
                if (random.nextInt(4) == 0) {
                    changeLeader(random.nextInt(2));
                }
            }
            case 7 -> arriveLate(random);
            default -> proposeDue(random, true);
        }
        applyAll();
    }

    private void keepAlive(Member leading, long id, Random random) {
        long asked = nanos;
        Renewal renewal = leading.keeper.begin("", List.of(id));
        nanos += random.nextInt(random.nextInt(30) == 0 ? 7_000 : 300) * 1_000_000L;
        if (random.nextInt(5) == 0) {
            proposeDue(random, true);
        }
        if (!renewal.toRenew().isEmpty()) {
            if (random.nextInt(6) == 0) {
                leading.keeper.abandon(renewal);
                return;
            }
            append(
                    leading,
                    Command.newBuilder()
                            .setRenewLeases(RenewLeases.newBuilder().addAllLeaseIds(renewal.toRenew()))
                            .build());
            applyAll();
        }
        try {
            long ttl = leading.keeper.complete(renewal).get(0);
            if (ttl > 0) {
                promisedNanos.merge(id, asked + ttl * 1_000_000, Math::max);
            }
        } catch (StoreException e) {
            assertThat(e.code().retryable()).isTrue();
        }
    }

    private void changeLeader(int next) {
        members.forEach(member -> member.keeper.follow());
        term++;
        leader = next;
        applyAll();
        Member leading = members.get(leader);
        leading.keeper.lead(term, leading.table.leaseTimeMs(), leading.table.leases());
    }

    private void proposeDue(Random random, boolean unreliable) {
        Member leading = members.get(leader);
        for (Command command : leading.keeper.due()) {
            switch (unreliable ? random.nextInt(5) : 4) {
                case 0 -> leading.keeper.failed(command);
                case 1, 2 -> {
                    delayed.add(new Delayed(term, leading.keeper.leaseTimeMs(), command));
                    if (random.nextBoolean()) {
                        leading.keeper.failed(command);
                    }
                }
                default -> append(leading, command);
            }
        }
    }

    /** What was proposed before, maybe in an earlier term, gets into the log now. */
    private void arriveLate(Random random) {
        if (!delayed.isEmpty()) {
            Delayed late = delayed.remove(random.nextInt(delayed.size()));
            log.add(new LeaseTable.Entry(term, late.term(), late.stampMs(), late.command()));
        }
    }

    private void append(Member leading, Command command) {
        log.add(new LeaseTable.Entry(term, term, leading.keeper.leaseTimeMs(), command));
    }

    private void applyAll() {
        for (Member member : members) {
            while (member.applied < log.size()) {
                member.table.apply(log.get(member.applied++), member.keeper);
            }
            for (long id : member.table.takeEnded()) {
                ended++;
                assertThat(nanos).as("lease %d ended early", id).isGreaterThanOrEqualTo(promisedNanos.get(id));
            }
        }
    }

    private static Command grant(long id, long ttlMs) {
        return Command.newBuilder()
                .setGrantLease(GrantLease.newBuilder().setLeaseId(id).setTtlMs(ttlMs))
                .build();
    }

    private final class Member {
        private final LeaseTable table = new LeaseTable();
        private final LeaderLeaseKeeper keeper = new LeaderLeaseKeeper(() -> nanos);
        private int applied;
    }

    private record Delayed(long term, long stampMs, Command command) {}
}
