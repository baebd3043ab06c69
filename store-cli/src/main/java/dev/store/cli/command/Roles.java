package dev.store.cli.command;

import dev.store.api.v1.MemberRole;

/** Words for the roles of members. */
final class Roles {
    private Roles() {}

    static String name(MemberRole role) {
        return switch (role) {
            case MEMBER_ROLE_LEADER -> "leader";
            case MEMBER_ROLE_FOLLOWER -> "follower";
            case MEMBER_ROLE_CANDIDATE -> "candidate";
            case MEMBER_ROLE_LEARNER -> "learner";
            case MEMBER_ROLE_UNKNOWN, UNRECOGNIZED -> "unknown";
        };
    }
}
