package dev.store.jepsen.nemesis;

/** What can be done to a cluster on loopback. */
public enum Fault {
    /** SIGKILL of the leader, and its restart. */
    KILL_LEADER,
    /** SIGKILL of any node, and its restart. */
    KILL_ONE,
    /** SIGKILL of all nodes at once, and their restart. */
    KILL_ALL,
    /** SIGSTOP of the leader for longer than an election takes. */
    PAUSE_LEADER,
    /** SIGSTOP of any node. */
    PAUSE_ONE
}
