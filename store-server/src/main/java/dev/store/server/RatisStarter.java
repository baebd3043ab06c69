package dev.store.server;

import dev.store.raft.Members;
import dev.store.raft.Replica;
import dev.store.raft.consensus.FatalHandler;
import dev.store.raft.consensus.PeerAddress;
import dev.store.raft.consensus.RatisReplica;
import dev.store.raft.consensus.ReplicaException;
import dev.store.raft.consensus.ReplicaOptions;
import dev.store.raft.consensus.ReplicaOptions.Place;
import dev.store.raft.consensus.ReplicaOptions.Storage;
import dev.store.raft.consensus.ReplicaOptions.Timings;
import dev.store.raft.consensus.ReplicaParts;
import dev.store.raft.consensus.ReplicaParts.WatchFeed;
import dev.store.raft.keyspace.AppliedListener;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.RevisionEvents;
import dev.store.raft.keyspace.StoredKeyspace;
import dev.store.raft.lease.LeaderLeaseKeeper;
import dev.store.raft.lease.LeaseObserver;
import dev.store.raft.storage.NativeLibrary;
import dev.store.raft.storage.RocksStore;
import dev.store.raft.storage.StorageOptions;
import dev.store.raft.watch.RingWatchHub;
import dev.store.raft.watch.WatchOptions;
import dev.store.server.config.InitialMember;
import dev.store.server.config.ServerConfig;
import dev.store.server.records.RecordFeed;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;

/** Puts a replica together: Ratis, RocksDB, the watch hub and the lease keeper. */
final class RatisStarter implements ReplicaStarter {
    private final FatalHandler fatal;
    private final Executor background;
    private final RecordFeed records;

    /**
     * Makes the starter.
     *
     * @param fatal is told when the node must not go on
     * @param background removes forgotten history from files
     * @param records is started with the replica, and told of every change
     */
    RatisStarter(FatalHandler fatal, Executor background, RecordFeed records) {
        this.fatal = fatal;
        this.background = background;
        this.records = records;
    }

    @Override
    public Replica start(ServerConfig config, Members members) {
        ReplicaParts parts = new ReplicaParts(
                members,
                (folder, applied, leases) -> {
                    // The folder is locked by now: no other node is unpacking there.
                    NativeLibrary.load(config.node().data().resolve("native"));
                    return openKeyspace(folder, applied, leases);
                },
                source -> {
                    RingWatchHub hub = RingWatchHub.start(source, WatchOptions.DEFAULTS);
                    records.start(source);
                    return new WatchFeed(hub, new BothListeners(hub, records));
                },
                new LeaderLeaseKeeper(System::nanoTime),
                Clock.systemUTC(),
                fatal,
                Version.current());
        try {
            return RatisReplica.open(options(config), parts);
        } catch (ReplicaException e) {
            throw new StartFailure(ExitCode.DATA_REFUSED, String.valueOf(e.getMessage()), e);
        }
    }

    private Keyspace openKeyspace(Path folder, AppliedListener applied, LeaseObserver leases) {
        RocksStore store = RocksStore.open(folder, StorageOptions.DEFAULT, problem -> fatal.fatal(problem, null));
        return StoredKeyspace.open(
                store,
                new StoredKeyspace.Observers(
                        applied,
                        leases,
                        background,
                        failure -> fatal.fatal("forgotten history cannot be removed from " + folder, failure)),
                Runtime.getRuntime().maxMemory() / 8);
    }

    private static ReplicaOptions options(ServerConfig config) {
        PeerAddress self = new PeerAddress(
                config.node().name(),
                config.raft().advertise().toString(),
                config.client().advertise().toString());
        return new ReplicaOptions(
                self,
                config.cluster().id(),
                initialMembers(config, self),
                new Place(config.node().data(), config.raft().listen().toString()),
                new Timings(
                        config.raft().electionTimeoutMin(),
                        config.raft().electionTimeoutMax(),
                        config.peer().proposeTimeout()),
                new Storage(
                        Storage.DEFAULT.segmentBytes(),
                        config.snapshot().logBytes(),
                        config.snapshot().interval(),
                        config.snapshot().keepLogEntries()),
                ReplicaOptions.Batching.DEFAULT);
    }

    private static List<PeerAddress> initialMembers(ServerConfig config, PeerAddress self) {
        if (config.cluster().join()) {
            return List.of();
        }
        if (config.cluster().members().isEmpty()) {
            return List.of(self);
        }
        return config.cluster().members().stream().map(RatisStarter::address).toList();
    }

    private static PeerAddress address(InitialMember member) {
        return new PeerAddress(
                member.name(), member.raft().toString(), member.client().toString());
    }

    /** Tells two listeners, in this order. */
    private record BothListeners(AppliedListener first, AppliedListener second) implements AppliedListener {
        @Override
        public void onApplied(List<RevisionEvents> revisions, long currentRevision, long compactRevision) {
            first.onApplied(revisions, currentRevision, compactRevision);
            second.onApplied(revisions, currentRevision, compactRevision);
        }

        @Override
        public void onSnapshotInstalled(long currentRevision, long compactRevision) {
            first.onSnapshotInstalled(currentRevision, compactRevision);
            second.onSnapshotInstalled(currentRevision, compactRevision);
        }
    }
}
