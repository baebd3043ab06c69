package dev.store.raft.consensus;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Everything that a replica must be told to start.
 *
 * @param self this member
 * @param groupId id of the Raft group; the same on all members
 * @param initialMembers the members with which a new cluster starts, this one among them; empty for a member that joins
 *     an existing cluster. Looked at only while the data folder is new
 * @param place what it takes up on this machine
 * @param timings how fast failures are noticed
 * @param storage sizes of the log and of snapshots
 * @param batching how proposals are packed
 */
public record ReplicaOptions(
        PeerAddress self,
        UUID groupId,
        List<PeerAddress> initialMembers,
        Place place,
        Timings timings,
        Storage storage,
        Batching batching) {

    public ReplicaOptions {
        Objects.requireNonNull(self, "self");
        Objects.requireNonNull(groupId, "groupId");
        initialMembers = List.copyOf(initialMembers);
        if (!initialMembers.isEmpty()
                && initialMembers.stream().noneMatch(m -> m.name().equals(self.name()))) {
            throw new IllegalArgumentException("initial members: "
                    + initialMembers.stream().map(PeerAddress::name).toList() + " (expected: this member \""
                    + self.name()
                    + "\" among them)");
        }
    }

    /** Options with the defaults for a network with little delay. */
    public static ReplicaOptions of(PeerAddress self, UUID groupId, List<PeerAddress> initialMembers, Path dataFolder) {
        return new ReplicaOptions(
                self,
                groupId,
                initialMembers,
                new Place(dataFolder, self.raftEndpoint()),
                Timings.DEFAULT,
                Storage.DEFAULT,
                Batching.DEFAULT);
    }

    /** Where everything is kept. */
    Path dataFolder() {
        return place.dataFolder();
    }

    /** The group id of a cluster that is known by name; the same name gives the same id on all members. */
    public static UUID groupIdOf(String clusterName) {
        return UUID.nameUUIDFromBytes(("store.dev/cluster/" + clusterName).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * What a member takes up on its machine.
     *
     * @param dataFolder where everything is kept
     * @param raftListen host:port that the Raft port is opened on; others may reach it by another one, {@link
     *     PeerAddress#raftEndpoint}
     */
    public record Place(Path dataFolder, String raftListen) {
        public Place {
            dataFolder = dataFolder.toAbsolutePath().normalize();
            PeerAddress.requireEndpoint("raft listen address", raftListen);
        }
    }

    /**
     * How fast failures are noticed.
     *
     * @param electionMin shortest silence of a leader after which a follower campaigns; heartbeats come twice as often
     * @param electionMax longest such silence
     * @param proposalTimeout how long a proposal may be under way before its outcome is given up as unknown
     */
    public record Timings(Duration electionMin, Duration electionMax, Duration proposalTimeout) {
        public static final Timings DEFAULT =
                new Timings(Duration.ofMillis(500), Duration.ofMillis(1000), Duration.ofSeconds(10));

        public Timings {
            if (electionMin.toMillis() < 50 || electionMax.compareTo(electionMin) <= 0) {
                throw new IllegalArgumentException("election timeouts: " + electionMin.toMillis() + " to "
                        + electionMax.toMillis() + " ms (expected: at least 50 ms, and the second greater)");
            }
            if (proposalTimeout.compareTo(electionMax) <= 0) {
                throw new IllegalArgumentException("proposal timeout: " + proposalTimeout.toMillis()
                        + " ms (expected: more than the election timeout " + electionMax.toMillis() + " ms)");
            }
        }
    }

    /**
     * Sizes of the log and of snapshots.
     *
     * @param segmentBytes size of one file of the log
     * @param snapshotAfterLogBytes a snapshot is taken when this much was written to the log since the last one
     * @param snapshotAfter a snapshot is taken after this time if anything was written since the last one
     * @param logEntriesKept entries kept below the newest snapshot, so that a member that was away for a moment is
     *     brought back from the log
     */
    public record Storage(long segmentBytes, long snapshotAfterLogBytes, Duration snapshotAfter, long logEntriesKept) {
        public static final Storage DEFAULT = new Storage(4L << 20, 256L << 20, Duration.ofHours(1), 20_000);

        public Storage {
            if (segmentBytes < 16 << 10 || snapshotAfterLogBytes < 16 << 10 || logEntriesKept < 0) {
                throw new IllegalArgumentException("log: segments of " + segmentBytes + " bytes, snapshot after "
                        + snapshotAfterLogBytes + " bytes, " + logEntriesKept
                        + " entries kept (expected: at least 16384, 16384 and 0)");
            }
        }
    }

    /**
     * How proposals are packed into entries of the log.
     *
     * @param maxInFlight entries that may be under way at the same time
     * @param maxOperations most commands in one entry
     * @param maxBytes most bytes in one entry, unless a single command is larger
     * @param queueOperations most commands that wait
     * @param queueBytes most bytes that wait
     */
    public record Batching(int maxInFlight, int maxOperations, int maxBytes, int queueOperations, long queueBytes) {
        /** One at a time: what comes meanwhile makes the next entry larger, and an entry costs more than what is in it. */
        public static final Batching DEFAULT = new Batching(1, 1_000, 512 << 10, 50_000, 64L << 20);

        public Batching {
            if (maxInFlight < 1 || maxInFlight > 64 || maxOperations < 1 || maxBytes < 1024 || maxBytes > 1 << 20) {
                throw new IllegalArgumentException("batching: " + maxInFlight + " in flight, " + maxOperations
                        + " operations, " + maxBytes + " bytes (expected: 1 to 64, at least 1, 1024 to 1048576)");
            }
            if (queueOperations < maxOperations || queueBytes < maxBytes) {
                throw new IllegalArgumentException("batching: queue of " + queueOperations + " operations, "
                        + queueBytes + " bytes (expected: at least one batch)");
            }
        }
    }
}
