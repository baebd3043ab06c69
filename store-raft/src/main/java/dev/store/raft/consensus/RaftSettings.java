package dev.store.raft.consensus;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** The settings of Ratis, each with the reason why it is not the default. */
final class RaftSettings {
    /** Largest entry that an appender can send; a larger one would make the leader step down. */
    static final int ENTRY_LIMIT_BYTES = 4 << 20;

    private RaftSettings() {}

    static RaftProperties of(ReplicaOptions options, File raftFolder) {
        RaftProperties p = new RaftProperties();
        RaftConfigKeys.Rpc.setType(p, new AppenderRpcType());
        RaftServerConfigKeys.setStorageDir(p, List.of(raftFolder));
        RaftServerConfigKeys.setStorageFreeSpaceMin(p, SizeInBytes.valueOf(0));
        transport(p, options);
        timings(p, options.timings());
        log(p, options.storage());
        snapshots(p);
        // Answers of Ratis are empty, and repeated operations are known to the keyspace: this cache only costs heap.
        RaftServerConfigKeys.RetryCache.setExpiryTime(p, millis(10_000));
        RaftServerConfigKeys.RetryCache.setStatisticsExpiryTime(p, millis(60_000));
        return p;
    }

    private static void transport(RaftProperties p, ReplicaOptions options) {
        String endpoint = options.place().raftListen();
        int colon = endpoint.lastIndexOf(':');
        GrpcConfigKeys.Server.setHost(p, endpoint.substring(0, colon));
        GrpcConfigKeys.Server.setPort(p, Integer.parseInt(endpoint.substring(colon + 1)));
        GrpcConfigKeys.setMessageSizeMax(p, SizeInBytes.valueOf(64L << 20));
        GrpcConfigKeys.setFlowControlWindow(p, SizeInBytes.valueOf(4L << 20));
        // Heartbeats on a channel of their own, or data delays them until followers campaign (RATIS-1465).
        GrpcConfigKeys.Server.setHeartbeatChannel(p, true);
        // Eight times this is how long a part of a snapshot may be without an answer, and how long Ratis 3.3.0 goes on
        // waiting on a stream to a follower that is gone (StreamObserverWithTimeout.acquire is not told of the error);
        // meanwhile one that has come back is sent nothing.
        GrpcConfigKeys.Server.setInstallSnapshotRequestTimeout(p, millis(2_000));
    }

    private static void timings(RaftProperties p, ReplicaOptions.Timings timings) {
        long min = timings.electionMin().toMillis();
        long max = timings.electionMax().toMillis();
        RaftServerConfigKeys.Rpc.setTimeoutMin(p, millis(min));
        RaftServerConfigKeys.Rpc.setTimeoutMax(p, millis(max));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, millis(Math.min(150, min)));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, millis(Math.min(300, max)));
        RaftServerConfigKeys.Rpc.setSlownessTimeout(p, millis(20_000));
        RaftServerConfigKeys.Rpc.setRequestTimeout(p, millis(Math.max(3_000, 3 * max)));
        RaftServerConfigKeys.Notification.setNoLeaderTimeout(p, millis(5_000));
        // A leader that lost its majority may be the only one with the newest log: 10 s without it are an outage.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, millis(Math.max(1_000, max)));
        RaftServerConfigKeys.LeaderElection.setPreVote(p, true);
        // A process that was stopped for long (SIGSTOP, a suspended machine) only has to catch up.
        RaftServerConfigKeys.setCloseThreshold(p, TimeDuration.valueOf(10, TimeUnit.MINUTES));
        Log.Appender.setRetryPolicy(p, retries(min));
    }

    /**
     * How long the appender sleeps after a failure, by the number of failures in a row: {@code TIME,TIMES} pairs. By default
     * up to 7.5 s from the thirtieth on, whoever has come back meanwhile: it then heard from its leader twice in 12 s, and
     * campaigned in between. From the 1031st on it would not sleep at all.
     */
    static String retries(long electionMinMillis) {
        // As often as there may be heartbeats (LogAppender.getHeartbeatWaitTimeMs); Ratis takes half to one and a half
        // of it.
        return "1ms,10, " + electionMinMillis / 4 + "ms," + Integer.MAX_VALUE;
    }

    private static void log(RaftProperties p, ReplicaOptions.Storage storage) {
        // Composed appends wedge a follower for ever after one failure, and are slower (RATIS-2235).
        Log.setAppendEntriesComposeEnabled(p, false);
        // Saves an entry written and synced for each commit.
        Log.setLogMetadataEnabled(p, false);
        // Both would acknowledge what is not on disk.
        Log.setUnsafeFlushEnabled(p, false);
        Log.setAsyncFlushEnabled(p, false);
        Log.setCorruptionPolicy(p, Log.CorruptionPolicy.EXCEPTION);
        Log.setSegmentSizeMax(p, SizeInBytes.valueOf(storage.segmentBytes()));
        Log.setPreallocatedSize(p, SizeInBytes.valueOf(Math.min(4L << 20, storage.segmentBytes())));
        // Entries of the open segment and of so many closed ones stay on the heap, for followers that lag.
        Log.setSegmentCacheNumMax(p, 1);
        Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf(storage.segmentBytes()));
        Log.setWriteBufferSize(p, SizeInBytes.valueOf(8L << 20));
        Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(ENTRY_LIMIT_BYTES));
        Log.Appender.setSnapshotChunkSizeMax(p, SizeInBytes.valueOf(4L << 20));
        Log.Appender.setInstallSnapshotEnabled(p, true);
        Log.Appender.setWaitTimeMin(p, TimeDuration.valueOf(1, TimeUnit.MILLISECONDS));
        // The log must not grow for as long as a member is away; a snapshot brings it back.
        Log.setPurgeUptoSnapshotIndex(p, true);
        Log.setPurgePreservationLogNum(p, storage.logEntriesKept());
        Log.setPurgeGap(p, 1);
    }

    private static void snapshots(RaftProperties p) {
        // SnapshotSchedule decides by bytes and time; this counts entries and is only the backstop.
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, 400_000L);
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);
        RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(p, false);
        RaftServerConfigKeys.Snapshot.setCreationGap(p, 1);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, SnapshotStore.KEPT);
    }

    private static TimeDuration millis(long millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }
}
