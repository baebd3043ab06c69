package dev.store.server.edge;

import dev.store.api.v1.ResponseHeader;
import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;

/** Makes the header of answers. */
public final class Headers {
    private final Replica replica;

    public Headers(Replica replica) {
        this.replica = replica;
    }

    /** The header of an answer that is true at a revision. */
    public ResponseHeader at(long revision) {
        return of(replica.info(), revision);
    }

    /** The header of an answer about the present. */
    public ResponseHeader now() {
        ReplicaInfo info = replica.info();
        return of(info, info.revision());
    }

    private static ResponseHeader of(ReplicaInfo info, long revision) {
        return ResponseHeader.newBuilder()
                .setClusterId(info.clusterId())
                .setMemberId(info.memberId())
                .setRaftTerm(info.term())
                .setRevision(revision)
                .build();
    }
}
