package dev.store.raft;

/** Reaches other members. Implemented by the edge. */
public interface Members {
    /**
     * The calls of the member that listens at an endpoint. Returns at once; a member that cannot be reached shows in the
     * calls' results ({@code UNREACHABLE} if the call was surely not received, {@code OUTCOME_UNKNOWN} if a proposal may
     * have been).
     *
     * @param clientEndpoint host:port of the member's gRPC port
     */
    MemberCalls at(String clientEndpoint);
}
