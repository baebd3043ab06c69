package dev.store.raft;

/**
 * How a member stands at one moment: what it says of itself in the election of leaders.
 *
 * <p>A member moves to a higher term before it votes in it, so one that is in a term has helped nobody to lead in a later
 * one yet.
 *
 * @param member its name
 * @param term the latest term that it knows of
 */
public record Standing(String member, long term) {}
