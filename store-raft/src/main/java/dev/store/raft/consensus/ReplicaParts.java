package dev.store.raft.consensus;

import dev.store.raft.Members;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.lease.LeaseKeeper;
import dev.store.raft.lease.LeaseObserver;
import dev.store.raft.watch.WatchHub;
import dev.store.raft.watch.WatchSource;
import java.nio.file.Path;
import java.time.Clock;

/**
 * What a replica is made of.
 *
 * @param members reaches the other members
 * @param keyspaces opens the replicated state
 * @param watches makes the hub that feeds watchers
 * @param leases keeps the leader's time; the keyspace tells it of changes
 * @param clock the wall clock that stamps proposals
 * @param fatal is told when this member must not go on
 * @param version version of the program, for status
 */
public record ReplicaParts(
        Members members,
        KeyspaceOpener keyspaces,
        WatchFactory watches,
        LeaseKeeper leases,
        Clock clock,
        FatalHandler fatal,
        String version) {

    /** Opens the replicated state. */
    @FunctionalInterface
    public interface KeyspaceOpener {
        /**
         * Opens the state kept in a folder, or a new one if the folder does not exist or is empty.
         *
         * @param applied is told of every change
         * @param leases is told of every change of a lease
         */
        Keyspace open(Path folder, AppliedListener applied, LeaseObserver leases);
    }

    /** Makes the hub. */
    @FunctionalInterface
    public interface WatchFactory {
        /**
         * Makes the hub.
         *
         * @param source past changes and views; stays valid when the state is replaced by a snapshot
         */
        WatchFeed create(WatchSource source);
    }

    /**
     * The hub, from its two sides: often the same object.
     *
     * @param hub where watchers are opened
     * @param listener where changes go in
     */
    public record WatchFeed(WatchHub hub, AppliedListener listener) {}
}
