package dev.store.server.edge;

import dev.store.api.v1.ResponseHeader;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;

/** Makes the header of answers. Who the member is never changes, so only the rest is asked for with each answer. */
public final class Headers {
    private final Replica replica;
    private final long clusterId;
    private final long memberId;

    public Headers(Replica replica) {
        this.replica = replica;
        ReplicaInfo info = replica.info();
        this.clusterId = info.clusterId();
        this.memberId = info.memberId();
    }

    /** The header of an answer that is true at a revision. */
    public ResponseHeader at(long revision) {
        return of(replica.term(), revision);
    }

    /** The header of an answer about the present. */
    public ResponseHeader now() {
        ReplicaInfo info = replica.info();
        return of(info.term(), info.revision());
    }

    private ResponseHeader of(long term, long revision) {
        return ResponseHeader.newBuilder()
                .setClusterId(clusterId)
                .setMemberId(memberId)
                .setRaftTerm(term)
                .setRevision(revision)
                .build();
    }
}
