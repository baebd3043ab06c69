package dev.store.api;

import java.time.Duration;

/** Every limit of the public interface, in one place; docs/limits.md says the same to people. */
public final class Limits {
    /** Longest key, in bytes. */
    public static final int KEY_BYTES = 4 * 1024;

    /** Longest value, in bytes. */
    public static final int VALUE_BYTES = 1024 * 1024;

    /** Largest request message, in bytes. */
    public static final int REQUEST_BYTES = 1536 * 1024;

    /** Longest name of a namespace or member, in characters. */
    public static final int NAME_CHARACTERS = 63;

    /** Most operations (or compares) of a transaction, with those of nested ones along any path. */
    public static final int TXN_OPERATIONS = 128;

    /** Deepest nesting of transactions; 1 is a transaction without nested ones. */
    public static final int TXN_DEPTH = 4;

    /** Most entries of one page of a range. */
    public static final int PAGE_ENTRIES = 10_000;

    /** Most bytes of one page of a range. */
    public static final int PAGE_BYTES = 4 * 1024 * 1024;

    /** Bytes of a page where the caller names none. */
    public static final int DEFAULT_PAGE_BYTES = 1024 * 1024;

    /** Most entries that a range sorted by something else than the key may match. */
    public static final int SORTED_ENTRIES = 100_000;

    /** Most bytes of previous entries, or of range results, in the answer to one write. */
    public static final int RESULT_BYTES = 4 * 1024 * 1024;

    /** Largest answer kept for a repeated operation, in bytes. */
    public static final int KEPT_ANSWER_BYTES = 64 * 1024;

    /** Shortest time to live of a lease. */
    public static final Duration LEASE_TTL_MIN = Duration.ofSeconds(1);

    /** Longest time to live of a lease. */
    public static final Duration LEASE_TTL_MAX = Duration.ofDays(365);

    /** Most keys attached to one lease. */
    public static final int LEASE_KEYS = 10_000;

    /** Most leases in one keepalive message. */
    public static final int KEEPALIVE_LEASES = 10_000;

    /** Most watches on one stream. */
    public static final int WATCHES_PER_STREAM = 1_000;

    /** Most watches on one member. */
    public static final int WATCHES_PER_MEMBER = 100_000;

    /** Shortest interval of progress notifications. */
    public static final Duration PROGRESS_INTERVAL_MIN = Duration.ofMillis(100);

    /** Longest interval of progress notifications. */
    public static final Duration PROGRESS_INTERVAL_MAX = Duration.ofHours(1);

    /** Longest life of a streamed range. */
    public static final Duration STREAM_LIFE = Duration.ofMinutes(5);

    /** How long the answer to an operation is kept after the client's last one. */
    public static final Duration OPERATION_MEMORY = Duration.ofMinutes(10);

    /** Most answers kept for one client: how many operations it may have under way. */
    public static final int OPERATIONS_PER_CLIENT = 4_096;

    /** Longest name of a service, node, instance, check, port, zone or region, and longest version, in characters. */
    public static final int DISCOVERY_NAME_CHARACTERS = 128;

    /** Longest address of an instance, in characters. */
    public static final int INSTANCE_ADDRESS_CHARACTERS = 253;

    /** Most ports of an instance. */
    public static final int INSTANCE_PORTS = 16;

    /** Greatest weight of an instance. */
    public static final int INSTANCE_WEIGHT = 10_000;

    /** Most tags of an instance, and most entries of its metadata. */
    public static final int INSTANCE_TAGS = 64;

    /** Longest value of an instance's metadata, in characters. */
    public static final int METADATA_VALUE_CHARACTERS = 1_024;

    /** Most checks of an instance, without its heartbeat. */
    public static final int INSTANCE_CHECKS = 8;

    /** Most bytes of an instance, encoded. */
    public static final int INSTANCE_BYTES = 16 * 1024;

    /** Longest time to live of an ephemeral instance. */
    public static final Duration INSTANCE_TTL_MAX = Duration.ofDays(1);

    /** Longest time after which a critical instance is removed. */
    public static final Duration DEREGISTER_AFTER_MAX = Duration.ofDays(30);

    /** Most bytes of the output of a check; more is cut. */
    public static final int CHECK_OUTPUT_BYTES = 4 * 1024;

    /** Most instances of one service. */
    public static final int SERVICE_INSTANCES = 10_000;

    /** Most instances in one heartbeat message. */
    public static final int HEARTBEAT_INSTANCES = 1_000;

    /** Most watches of services on one member. */
    public static final int SERVICE_WATCHES = 100_000;
    /** Longest group or name of a configuration entry, in characters. */
    public static final int CONFIG_NAME_CHARACTERS = 128;

    /** Longest content of a configuration entry, in bytes. */
    public static final int CONFIG_CONTENT_BYTES = 960 * 1024;

    /** Most entries of one publication or deletion. */
    public static final int CONFIG_RELEASE_ENTRIES = 64;

    /** Most labels of an entry, an instance or a rule. */
    public static final int CONFIG_LABELS = 32;

    /** Longest name of a label, in characters. */
    public static final int CONFIG_LABEL_NAME_CHARACTERS = 63;

    /** Longest value of a label, in characters. */
    public static final int CONFIG_LABEL_VALUE_CHARACTERS = 255;

    /** Longest description, comment, search pattern or failure of a receipt, in characters. */
    public static final int CONFIG_TEXT_CHARACTERS = 1_024;

    /** Most versions of an entry that can be kept. */
    public static final int CONFIG_VERSIONS_MAX = 10_000;

    /** Versions of an entry that are kept unless told otherwise. */
    public static final int CONFIG_VERSIONS_DEFAULT = 100;

    /** Longest schema, in bytes. */
    public static final int CONFIG_SCHEMA_BYTES = 256 * 1024;

    /** Most entries, versions or matches of one page. */
    public static final int CONFIG_PAGE_ENTRIES = 1_000;

    /** Deepest nesting of structured content. */
    public static final int CONFIG_CONTENT_DEPTH = 200;

    /** Most values in structured content, with what aliases stand for. */
    public static final int CONFIG_CONTENT_VALUES = 200_000;

    /** Deepest nesting of placeholders. */
    public static final int CONFIG_PLACEHOLDER_DEPTH = 16;

    /** Most placeholders that one read replaces. */
    public static final int CONFIG_PLACEHOLDERS = 1_000;

    /** Most entries that one subscription names. */
    public static final int CONFIG_SUBSCRIPTION_ENTRIES = 1_000;

    /** Most groups that one subscription names. */
    public static final int CONFIG_SUBSCRIPTION_GROUPS = 100;

    /** Most known versions with which a subscription begins. */
    public static final int CONFIG_SUBSCRIPTION_KNOWN = 10_000;

    /** Most changes that wait for a subscriber before it is given the present state instead. */
    public static final int CONFIG_SUBSCRIBER_QUEUE = 1_024;

    /** Most subscriptions on one member. */
    public static final int CONFIG_SUBSCRIPTIONS_PER_MEMBER = 50_000;

    /** Most instance ids in a rule of a gray release. */
    public static final int CONFIG_RULE_INSTANCES = 1_000;

    /** Most address ranges in a rule of a gray release. */
    public static final int CONFIG_RULE_RANGES = 100;
    /** Longest name of a lock, election, barrier or latch, and of an owner, in characters. */
    public static final int LOCK_NAME_CHARACTERS = 128;

    /** Longest value of a lock, which an election shows as its leader's, in bytes. */
    public static final int LOCK_VALUE_BYTES = 4 * 1024;

    /** Most permits of a semaphore. */
    public static final int SEMAPHORE_PERMITS = 10_000;

    /** Most holders and waiters of one lock. */
    public static final int LOCK_QUEUE = 10_000;

    /** Most calls that wait for locks, barriers and latches on one member. */
    public static final int LOCK_WAITS_PER_MEMBER = 100_000;

    /** Longest wait for a lock, barrier or latch in one call. */
    public static final Duration LOCK_WAIT_MAX = Duration.ofDays(1);

    /** Most locks that one put, deletion or transaction may demand. */
    public static final int LOCK_GUARDS = 16;

    /** Most parties of a barrier. */
    public static final int BARRIER_PARTIES = 1_000;

    /** Highest count of a latch. */
    public static final int LATCH_COUNT = 1_000_000_000;

    /** Most bytes of keys and values in the answer to a range of etcd's protocol, which has no pages. */
    public static final int ETCD_RANGE_BYTES = 64 * 1024 * 1024;

    private Limits() {}
}
