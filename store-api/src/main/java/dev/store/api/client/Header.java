package dev.store.api.client;

import dev.store.api.v1.ResponseHeader;

/**
 * Where and when an answer was true.
 *
 * @param clusterId id of the cluster
 * @param memberId id of the member that answered
 * @param revision for a write, the revision at which it took effect (the current one if it changed nothing); for a read,
 *     the revision that the answer reflects
 * @param raftTerm Raft term known to the member that answered
 */
public record Header(long clusterId, long memberId, long revision, long raftTerm) {
    static Header of(ResponseHeader header) {
        return new Header(header.getClusterId(), header.getMemberId(), header.getRevision(), header.getRaftTerm());
    }
}
