package dev.store.raft.sim;

/** A defect that the simulation can be told to have, to prove that its checks would find one like it. */
enum SimBug {
    NONE(""),
    /** The hub is not told of one of the events of a revision. */
    EVENT_DROPPED("Atomic|Reliable"),
    /** A batch of events comes twice. */
    EVENTS_REPEATED("Unique"),
    /** A batch of events gets lost on its way to the consumer. */
    EVENTS_LOST("Reliable|Atomic|Bookmarkable"),
    /** A watcher that comes back is given another start than it asked for. */
    RESUMED_ELSEWHERE("Resumable"),
    /** Two batches of events change places on their way to the consumer. */
    EVENTS_REORDERED("Ordered|Unique|Reliable|Atomic"),
    /** The mark that more of the revision follows gets lost. */
    FRAGMENT_MARK_LOST("Atomic"),
    /** Progress names the revision of the keyspace, not the one that was delivered. */
    PROGRESS_TOO_EARLY("Bookmarkable"),
    /** The end of a lease is applied whatever became of the lease since. */
    EXPIRY_WITHOUT_EPOCH_AND_TERM("Lease"),
    /** Commands and stamps of a deposed leader count in a later term as if they were made in it. */
    TERM_NOT_FENCED("Lease"),
    /** Keepalives are acknowledged by whoever thinks that it leads. */
    KEEPALIVE_WITHOUT_PROOF("Lease"),
    /** Keepalives do not wait for what was proposed against the lease. */
    KEEPALIVE_WITHOUT_RENEWAL("Lease"),
    /** Operations that come again are applied again. */
    NO_DEDUPLICATION("Exactly once"),
    /** After a crash a member forgets how much of the log is in its data. */
    APPLIED_INDEX_NOT_STORED("Replicas agree|Revisions rise by one|Exactly once"),
    /** One member applies the commands of a batch in another order. */
    APPLY_ORDER_DIFFERS("Replicas agree");

    private final String caughtBy;

    SimBug(String caughtBy) {
        this.caughtBy = caughtBy;
    }

    /** Names of the promises that it breaks, as a pattern. */
    String caughtBy() {
        return caughtBy;
    }
}
