package dev.store.raft;

/**
 * How a member follows its leader, at one moment: what the others need to know before they give that leader up.
 *
 * @param member its name
 * @param term the latest term that it knows of
 * @param leader the leader that it follows in that term; empty if it knows none, leads itself, or campaigns
 * @param silentMs milliseconds since it heard that leader; 0 while a request of the leader is being worked on, and where
 *     there is no such leader
 * @param lastTerm term of the last entry of its log; 0 if the log is empty
 * @param lastIndex index of that entry; -1 if the log is empty
 */
public record Following(String member, long term, String leader, long silentMs, long lastTerm, long lastIndex) {
    /** Whether it follows the same leader in the same term as another member. */
    public boolean sameLeaderAs(Following other) {
        return term == other.term && leader.equals(other.leader);
    }
}
