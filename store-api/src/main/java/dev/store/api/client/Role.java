package dev.store.api.client;

import dev.store.api.v1.MemberRole;

/** What a member is in the Raft group. */
public enum Role {
    /** Not known, or newer than this client. */
    UNKNOWN,
    LEADER,
    FOLLOWER,
    CANDIDATE,
    /** Receives the log and serves reads and watches, but does not vote. */
    LEARNER;

    static Role of(MemberRole role) {
        return switch (role) {
            case MEMBER_ROLE_LEADER -> LEADER;
            case MEMBER_ROLE_FOLLOWER -> FOLLOWER;
            case MEMBER_ROLE_CANDIDATE -> CANDIDATE;
            case MEMBER_ROLE_LEARNER -> LEARNER;
            case MEMBER_ROLE_UNKNOWN, UNRECOGNIZED -> UNKNOWN;
        };
    }
}
