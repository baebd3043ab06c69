package dev.store.raft.keyspace;

import java.util.Optional;

/**
 * What a record in the record area is of: the first byte of its key. A stored format: letters are only ever added.
 */
public enum RecordKind {
    /** An instance of a service: service, node, id. */
    INSTANCE('i'),
    /** A sign of life of an instance, attached to its lease: service, node, id. */
    HEARTBEAT('h'),
    /** The result of a check of an instance: service, node, id, check. */
    CHECK('k'),
    /** The policy of a service: service. */
    SERVICE('s'),
    /** The newest version of a configuration entry: group, name. */
    CONFIG('c'),
    /** A version of a configuration entry: group, name, number. */
    CONFIG_VERSION('v'),
    /** The schema of a group or entry: group, name (empty for the group). */
    CONFIG_SCHEMA('j'),
    /** A gray release of a configuration entry: group, name. */
    CONFIG_GRAY('g'),
    /** How long versions of configuration entries are kept: group, name (empty for the group). */
    CONFIG_POLICY('p'),
    /** An entry in the queue of a lock, semaphore or election: name, {@linkplain LockQueue queue}, token. */
    LOCK_WAITER('l'),
    /** Where an owner stands in the queue of a lock: name, lease, owner. */
    LOCK_OWNER('o'),
    /** A party of a barrier: name, number of parties, lease, owner. */
    BARRIER_PARTY('b'),
    /** A barrier or latch: name. */
    BARRIER('a'),
    /** A mark without content, put so that there is a first revision for clients who take 0 for none. */
    ORIGIN('e');

    private static final RecordKind[] KINDS = values();

    private final byte letter;

    RecordKind(char letter) {
        this.letter = (byte) letter;
    }

    /** First byte of the keys. */
    public byte letter() {
        return letter;
    }

    /** The kind whose keys start with a letter. */
    public static Optional<RecordKind> of(byte letter) {
        for (RecordKind kind : KINDS) {
            if (kind.letter == letter) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
