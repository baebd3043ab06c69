package dev.store.raft.lease;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.raft.keyspace.ScopedKey;
import dev.store.raft.v1.CheckpointLeases;
import dev.store.raft.v1.Command;
import dev.store.raft.v1.ExpireLeases;
import dev.store.raft.v1.LeaseDeadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the time of leases while this member leads.
 *
 * <p>Why a lease never ends early:
 *
 * <ul>
 *   <li>Under one leader, {@code ExpireLeases} is proposed only past the deadline in memory. From then on the lease is
 *       <em>contested</em>: a keepalive is acknowledged only after a {@code RenewLeases}, which either comes first in the
 *       log and makes the expiry name an outdated epoch, or finds the lease gone. A keepalive that began before the
 *       deadline holds the expiry back until it has ended.
 *   <li>Across a change of leader, a lease that was kept alive gets its full time from the moment at which the new leader
 *       starts, which is later than the proof of leadership behind any acknowledgement of the old one. A lease whose
 *       deadline is written down keeps what is left of it by the lease clock, which runs only while somebody leads.
 *   <li>Commands and stamps carry the term in which they were made, and do nothing in an entry of another one: what a
 *       leader proposed before it was deposed cannot end a lease that it renews after it was elected again.
 * </ul>
 */
public final class LeaderLeaseKeeper implements LeaseKeeper {
    /** Author of what happens because a lease ended. */
    public static final String PRINCIPAL = "system:lease";

    private static final int LEASES_PER_COMMAND = 1_000;
    private static final int KEYS_PER_COMMAND = 10_000;
    private static final int COMMANDS_PER_TURN = 32;

    // How long a keepalive that was begun holds back what would end the lease; an expiry is late by at most this.
    private static final long HOLD_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(50).toNanos();
    // A proposal that was neither applied nor reported as failed is made again after this time.
    private static final long PROPOSE_AGAIN_NANOS = Duration.ofSeconds(10).toNanos();

    private final LongSupplier nanoClock;
    private final long originNanos;

    // All guarded by this; every method is short.
    private final Map<Long, TimedLease> leases = new HashMap<>();
    private final TreeSet<TimedLease> turns = new TreeSet<>(TimedLease.BY_TURN);
    private boolean leading;
    private long term;
    private long baseMs;
    private long baseNanos;

    /** @param nanoClock monotonic time in ns, such as {@code System::nanoTime} */
    public LeaderLeaseKeeper(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        this.originNanos = nanoClock.getAsLong();
    }

    @Override
    public synchronized void lead(long newTerm, long leaseTimeMs, Collection<LeaseState> states) {
        forget();
        leading = true;
        term = newTerm;
        baseMs = leaseTimeMs;
        baseNanos = now();
        for (LeaseState state : states) {
            long leftMs = TimedLease.isKeptAlive(state) ? state.ttlMs() : Math.max(0, state.deadlineMs() - leaseTimeMs);
            add(new TimedLease(state, baseNanos + MILLISECONDS.toNanos(leftMs), baseNanos));
        }
    }

    @Override
    public synchronized void follow() {
        leading = false;
        forget();
    }

    @Override
    public synchronized long leaseTimeMs() {
        // A follower must not stamp what it counted while it led: nobody may have heard of that time, and leases that
        // another leader granted since are measured from an earlier one.
        return leading ? leaseTimeMs(now()) : baseMs;
    }

    @Override
    public synchronized void changed(LeaseState state) {
        if (!leading) {
            return;
        }
        TimedLease lease = leases.get(state.id());
        long now = now();
        if (lease == null) {
            add(new TimedLease(state, now + MILLISECONDS.toNanos(state.ttlMs()), now));
        } else {
            lease.changed(state, baseNanos + MILLISECONDS.toNanos(state.deadlineMs() - baseMs));
            schedule(lease, nextTurn(lease, now));
        }
    }

    @Override
    public synchronized void ended(long leaseId) {
        TimedLease lease = leases.remove(leaseId);
        if (lease != null) {
            turns.remove(lease);
        }
    }

    @Override
    public synchronized Renewal begin(String namespace, List<Long> leaseIds) {
        requireLeading(term);
        long now = now();
        List<Long> toRenew = new ArrayList<>();
        for (long id : leaseIds) {
            TimedLease lease = find(namespace, id);
            if (lease != null) {
                lease.beginRenewal(now + HOLD_NANOS);
                if (lease.needsRenewal()) {
                    toRenew.add(id);
                }
            }
        }
        return new Renewal(namespace, leaseIds, now, term, toRenew);
    }

    @Override
    public synchronized List<Long> complete(Renewal renewal) {
        requireLeading(renewal.term());
        List<Long> granted = new ArrayList<>(renewal.leaseIds().size());
        long contested = 0;
        for (long id : renewal.leaseIds()) {
            TimedLease lease = find(renewal.namespace(), id);
            if (lease == null) {
                granted.add(0L);
                continue;
            }
            lease.endRenewal();
            if (lease.needsRenewal()) {
                // The keepalive took so long that something was proposed against the lease meanwhile.
                contested = id;
            } else {
                lease.renewedAt(renewal.atNanos());
            }
            granted.add(lease.state().ttlMs());
        }
        if (contested != 0) {
            throw new StoreException(
                    ErrorCode.OUTCOME_UNKNOWN,
                    "lease " + contested + " may be ending: its keepalive took too long (expected: sent again)");
        }
        return granted;
    }

    @Override
    public synchronized void abandon(Renewal renewal) {
        if (leading && term == renewal.term()) {
            for (long id : renewal.leaseIds()) {
                TimedLease lease = find(renewal.namespace(), id);
                if (lease != null) {
                    lease.endRenewal();
                }
            }
        }
    }

    @Override
    public synchronized long remainingMs(long leaseId) {
        TimedLease lease = leading ? leases.get(leaseId) : null;
        return lease == null ? -1 : Math.max(0, MILLISECONDS.convert(Duration.ofNanos(lease.deadlineNanos() - now())));
    }

    @Override
    public synchronized List<Command> due() {
        if (!leading) {
            return List.of();
        }
        long now = now();
        DueCommands due = new DueCommands();
        while (!turns.isEmpty() && turns.first().turnNanos <= now && due.commands() < COMMANDS_PER_TURN) {
            TimedLease lease = turns.first();
            if (mayPropose(lease, now)) {
                if (isOver(lease, now)) {
                    due.expire(lease, endMs(lease));
                    lease.proposed(now);
                } else if (lease.checkpointNanos() <= now) {
                    due.checkpoint(lease, ceilMs(lease.deadlineNanos()));
                    lease.proposed(now);
                }
            }
            schedule(lease, nextTurn(lease, now));
        }
        return due.build(term);
    }

    @Override
    public synchronized void failed(Command command) {
        List<LeaseDeadline> named = command.hasExpireLeases()
                ? command.getExpireLeases().getLeasesList()
                : command.getCheckpointLeases().getLeasesList();
        long now = now();
        for (LeaseDeadline deadline : named) {
            TimedLease lease = leases.get(deadline.getLeaseId());
            if (lease != null && lease.state().epoch() == deadline.getEpoch()) {
                // It may be applied all the same: the lease stays contested.
                lease.proposalFailed();
                schedule(lease, nextTurn(lease, now));
            }
        }
    }

    private boolean mayPropose(TimedLease lease, long now) {
        boolean waitsForOutcome = lease.isProposed() && now - lease.proposedNanos() < PROPOSE_AGAIN_NANOS;
        return !waitsForOutcome && !lease.isHeld(now);
    }

    private boolean isOver(TimedLease lease, long now) {
        return lease.deadlineNanos() <= now && endMs(lease) <= leaseTimeMs(now);
    }

    /** The lease clock at which the lease may be ended: what is written down is never later than what is in memory. */
    private long endMs(TimedLease lease) {
        return Math.max(ceilMs(lease.deadlineNanos()), lease.state().deadlineMs());
    }

    private long nextTurn(TimedLease lease, long now) {
        if (lease.isProposed()) {
            return Math.max(now + LOOK_AGAIN_NANOS, lease.proposedNanos() + PROPOSE_AGAIN_NANOS);
        }
        long over = Math.max(lease.deadlineNanos(), baseNanos + MILLISECONDS.toNanos(endMs(lease) - baseMs));
        long wanted = Math.min(lease.checkpointNanos(), over);
        // In the past while a keepalive is under way, or just after a proposal failed.
        return wanted > now ? wanted : now + LOOK_AGAIN_NANOS;
    }

    private void schedule(TimedLease lease, long atNanos) {
        turns.remove(lease);
        lease.turnNanos = atNanos;
        turns.add(lease);
    }

    private void add(TimedLease lease) {
        leases.put(lease.state().id(), lease);
        schedule(lease, nextTurn(lease, now()));
    }

    private void forget() {
        leases.clear();
        turns.clear();
    }

    private @Nullable TimedLease find(String namespace, long id) {
        String name = namespace.isEmpty() ? ScopedKey.DEFAULT_NAMESPACE : namespace;
        TimedLease lease = leases.get(id);
        return lease != null && lease.state().namespace().equals(name) ? lease : null;
    }

    private void requireLeading(long inTerm) {
        if (!leading || term != inTerm) {
            throw new StoreException(ErrorCode.NO_LEADER, "this member does not lead any more (expected: the leader)");
        }
    }

    /** Time since the keeper was made: unlike the clock itself it never wraps, so that times can be compared. */
    private long now() {
        return nanoClock.getAsLong() - originNanos;
    }

    private long leaseTimeMs(long now) {
        return baseMs + (now - baseNanos) / 1_000_000;
    }

    /** The first reading of the lease clock that is not before a time. */
    private long ceilMs(long nanos) {
        return baseMs + Math.floorDiv(nanos - baseNanos + 999_999, 1_000_000L);
    }

    /** Commands in the making, one line for each namespace and kind. */
    private static final class DueCommands {
        private final Map<String, Line> expiries = new HashMap<>();
        private final Map<String, Line> checkpoints = new HashMap<>();
        private final List<Line> full = new ArrayList<>();

        int commands() {
            return full.size() + expiries.size() + checkpoints.size();
        }

        void expire(TimedLease lease, long deadlineMs) {
            add(expiries, lease, deadlineMs, true);
        }

        void checkpoint(TimedLease lease, long deadlineMs) {
            add(checkpoints, lease, deadlineMs, false);
        }

        private void add(Map<String, Line> lines, TimedLease lease, long deadlineMs, boolean expiry) {
            LeaseState state = lease.state();
            Line line = lines.computeIfAbsent(state.namespace(), name -> new Line(name, expiry, new ArrayList<>()));
            line.deadlines.add(LeaseDeadline.newBuilder()
                    .setLeaseId(state.id())
                    .setEpoch(state.epoch())
                    .setDeadlineMs(deadlineMs)
                    .build());
            line.keys += expiry ? state.attachedKeys() : 0;
            if (line.deadlines.size() >= LEASES_PER_COMMAND || line.keys >= KEYS_PER_COMMAND) {
                lines.remove(state.namespace());
                full.add(line);
            }
        }

        List<Command> build(long term) {
            full.addAll(checkpoints.values());
            full.addAll(expiries.values());
            return full.stream().map(line -> line.command(term)).toList();
        }
    }

    private static final class Line {
        private final String namespace;
        private final boolean expiry;
        private final List<LeaseDeadline> deadlines;
        private int keys;

        Line(String namespace, boolean expiry, List<LeaseDeadline> deadlines) {
            this.namespace = namespace;
            this.expiry = expiry;
            this.deadlines = deadlines;
        }

        Command command(long term) {
            Command.Builder command =
                    Command.newBuilder().setNamespace(namespace).setPrincipal(PRINCIPAL);
            return expiry
                    ? command.setExpireLeases(ExpireLeases.newBuilder()
                                    .addAllLeases(deadlines)
                                    .setTerm(term))
                            .build()
                    : command.setCheckpointLeases(CheckpointLeases.newBuilder()
                                    .addAllLeases(deadlines)
                                    .setTerm(term))
                            .build();
        }
    }
}
