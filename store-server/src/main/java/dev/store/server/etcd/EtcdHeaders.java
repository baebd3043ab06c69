package dev.store.server.etcd;

import dev.store.raft.Replica;
import dev.store.raft.ReplicaInfo;
import dev.store.server.etcd.v3.ResponseHeader;

/** Makes the headers of answers. */
final class EtcdHeaders {
    private final Replica replica;
    private final long clusterId;
    private final long memberId;

    EtcdHeaders(Replica replica) {
        this.replica = replica;
        ReplicaInfo info = replica.info();
        this.clusterId = info.clusterId();
        this.memberId = info.memberId();
    }

    /** The header of an answer that is true at a revision. */
    ResponseHeader at(long revision) {
        return ResponseHeader.newBuilder()
                .setClusterId(clusterId)
                .setMemberId(memberId)
                .setRaftTerm(replica.term())
                .setRevision(revision)
                .build();
    }

    /** The term as this member knows it. */
    long term() {
        return replica.term();
    }

    /** The header of an answer about the present. */
    ResponseHeader now() {
        return at(replica.info().revision());
    }

    /** The header of an answer that is not about keys: etcd names no revision in it. */
    ResponseHeader withoutRevision() {
        return at(0);
    }

    /** The header of an answer inside of another: only its revision counts. */
    static ResponseHeader inner(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }
}
