package dev.store.raft.consensus;

import dev.store.raft.lease.LeaseKeeper;
import dev.store.raft.lease.LeaseState;
import dev.store.raft.v1.Command;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** A keeper that knows no leases, and notes how it is called. */
final class TestLeases implements LeaseKeeper {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final ConcurrentLinkedQueue<Command> due = new ConcurrentLinkedQueue<>();
    private volatile long term;

    @Override
    public void lead(long newTerm, long leaseTimeMs, Collection<LeaseState> leases) {
        term = newTerm;
        calls.add("lead");
    }

    @Override
    public void follow() {
        calls.add("follow");
    }

    @Override
    public long leaseTimeMs() {
        return 0;
    }

    @Override
    public void changed(LeaseState lease) {}

    @Override
    public void ended(long leaseId) {}

    @Override
    public Renewal begin(String namespace, List<Long> leaseIds) {
        calls.add("begin");
        return new Renewal(namespace, leaseIds, System.nanoTime(), term, List.of());
    }

    @Override
    public List<Long> complete(Renewal renewal) {
        calls.add("complete");
        return renewal.leaseIds().stream().map(id -> 10_000L).toList();
    }

    @Override
    public void abandon(Renewal renewal) {
        calls.add("abandon");
    }

    @Override
    public long remainingMs(long leaseId) {
        return -1;
    }

    @Override
    public List<Command> due() {
        Command next = due.poll();
        return next == null ? List.of() : List.of(next);
    }

    @Override
    public void failed(Command command) {
        calls.add("failed");
    }
}
