package dev.store.raft.consensus;

import dev.store.api.v1.LogFigures;
import dev.store.api.v1.MemberRole;
import dev.store.api.v1.ResponseHeader;
import dev.store.api.v1.StatusResponse;
import dev.store.api.v1.StorageFigures;
import dev.store.raft.ReplicaInfo;
import dev.store.raft.keyspace.Keyspace;
import dev.store.raft.keyspace.Keyspace.KeyspaceFigures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.jspecify.annotations.Nullable;

/** What a replica tells about itself. */
final class Status {
    private final UUID groupId;
    private final long clusterId;
    private final long memberId;
    private final String self;
    private final String version;
    private final RaftPort raft;
    private final Leadership leadership;
    private final KeyspaceHolder holder;
    private final AppliedIndex applied;
    private final SnapshotStore snapshots;
    private final Path logFolder;
    private final long startedAt = System.nanoTime();
    private final Readiness readiness = new Readiness();
    private final StoreStateMachine machine;
    private volatile boolean keepsUp;

    Status(ReplicaOptions options, String version, Parts parts) {
        this.groupId = options.groupId();
        this.self = options.self().name();
        this.clusterId = MemberIds.cluster(groupId);
        this.memberId = MemberIds.member(self);
        this.version = version;
        this.raft = parts.raft();
        this.leadership = parts.leadership();
        this.holder = parts.holder();
        this.applied = parts.applied();
        this.machine = parts.machine();
        this.snapshots = parts.snapshots();
        this.logFolder = DataFolder.logFolder(options);
    }

    /** What it looks at. */
    record Parts(
            RaftPort raft,
            Leadership leadership,
            KeyspaceHolder holder,
            AppliedIndex applied,
            StoreStateMachine machine,
            SnapshotStore snapshots) {}

    /** Looks whether this member keeps up; called several times a second, by one thread. */
    void look() {
        RaftServer.Division division = raft.division();
        DivisionInfo info = division.getInfo();
        keepsUp = readiness.look(
                new Readiness.Seen(
                        leadership.leading() || otherLeader(info) != null,
                        info.getCurrentTerm(),
                        machine.getLastAppliedTermIndex().getTerm(),
                        applied.index(),
                        division.getRaftLog().getLastCommittedIndex()),
                System.nanoTime());
    }

    ReplicaInfo info() {
        RaftServer.Division division = raft.division();
        DivisionInfo info = division.getInfo();
        boolean leading = leadership.leading();
        String other = otherLeader(info);
        return new ReplicaInfo(
                clusterId,
                memberId,
                self,
                role(info, leading),
                info.getCurrentTerm(),
                leading ? self : other,
                applied.revision(),
                applied.index(),
                division.getRaftLog().getLastCommittedIndex(),
                keepsUp && (leading || other != null),
                members(division));
    }

    StatusResponse response(long watches) {
        ReplicaInfo info = info();
        StatusResponse.Builder response = StatusResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder()
                        .setClusterId(info.clusterId())
                        .setMemberId(info.memberId())
                        .setRevision(info.revision())
                        .setRaftTerm(info.term()))
                .setName(self)
                .setVersion(version)
                .setRole(info.role())
                .setLeader(info.leader() == null ? "" : info.leader())
                .setGroupId(groupId.toString())
                .setLog(log(info))
                .setWatches(watches)
                .setUptimeSeconds((System.nanoTime() - startedAt) / 1_000_000_000L)
                .addAllProblems(problems(info));
        return holder.with(keyspace -> response.setStorage(storage(keyspace))
                .setLeases(keyspace.leases().size())
                .build());
    }

    private LogFigures log(ReplicaInfo info) {
        RaftLog log = raft.division().getRaftLog();
        LogFigures.Builder figures = LogFigures.newBuilder()
                .setCommittedIndex(info.committedIndex())
                .setAppliedIndex(info.appliedIndex())
                .setFirstIndex(log.getStartIndex())
                .setLastIndex(log.getNextIndex() - 1)
                .setLogBytes(Folders.bytes(logFolder))
                .setSnapshotIndex(-1);
        SnapshotStore.Snapshot snapshot = snapshots.latest();
        if (snapshot != null) {
            figures.setSnapshotIndex(snapshot.position().getIndex())
                    .setSnapshotBytes(snapshot.bytes())
                    .setSnapshotAtMs(snapshot.takenAtMs());
        }
        return figures.build();
    }

    private static StorageFigures storage(Keyspace keyspace) {
        KeyspaceFigures figures = keyspace.figures();
        return StorageFigures.newBuilder()
                .setDbSizeBytes(figures.diskBytes())
                .setLiveBytes(figures.liveBytes())
                .setEstimatedKeys(figures.estimatedKeys())
                .setCompactRevision(keyspace.compactRevision())
                .setPhysicallyCompactedRevision(figures.physicallyCompactedRevision())
                .setStateHash(figures.stateHash())
                .build();
    }

    private static List<String> problems(ReplicaInfo info) {
        List<String> problems = new ArrayList<>();
        if (info.leader() == null) {
            problems.add("no leader is known");
        } else if (!info.ready()) {
            problems.add("catching up: applied " + info.appliedIndex() + " of " + info.committedIndex());
        }
        return problems;
    }

    private @Nullable String otherLeader(DivisionInfo info) {
        RaftPeerId leader = info.getLeaderId();
        return leader == null || leader.equals(raft.self()) ? null : leader.toString();
    }

    private static MemberRole role(DivisionInfo info, boolean leading) {
        return switch (info.getCurrentRole()) {
            case LEADER -> leading ? MemberRole.MEMBER_ROLE_LEADER : MemberRole.MEMBER_ROLE_CANDIDATE;
            case FOLLOWER -> MemberRole.MEMBER_ROLE_FOLLOWER;
            case CANDIDATE -> MemberRole.MEMBER_ROLE_CANDIDATE;
            case LISTENER -> MemberRole.MEMBER_ROLE_LEARNER;
            case UNRECOGNIZED -> MemberRole.MEMBER_ROLE_UNKNOWN;
        };
    }

    private List<ReplicaInfo.MemberAddress> members(RaftServer.Division division) {
        List<ReplicaInfo.MemberAddress> members = new ArrayList<>();
        add(members, division.getRaftConf().getCurrentPeers(), false);
        add(members, division.getRaftConf().getCurrentPeers(RaftPeerRole.LISTENER), true);
        members.sort(Comparator.comparing(ReplicaInfo.MemberAddress::name));
        return members;
    }

    private void add(List<ReplicaInfo.MemberAddress> members, Collection<RaftPeer> peers, boolean learner) {
        for (RaftPeer peer : peers) {
            String name = peer.getId().toString();
            String client = peer.getClientAddress() == null ? "" : peer.getClientAddress();
            members.add(
                    new ReplicaInfo.MemberAddress(MemberIds.member(name), name, client, peer.getAddress(), learner));
        }
    }
}
