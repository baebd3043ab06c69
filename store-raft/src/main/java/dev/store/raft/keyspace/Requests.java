package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.Limits;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.Delete;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.api.v1.OperationId;
import dev.store.api.v1.Put;
import dev.store.api.v1.Range;
import dev.store.api.v1.ReadOptions;
import dev.store.api.v1.WatchCreate;
import dev.store.raft.watch.EventEncoding;
import dev.store.raft.watch.WatchSpec;
import java.time.Duration;
import java.util.List;

/**
 * Checks requests against {@link Limits} before anything is proposed or read, and turns keys into their scoped form.
 *
 * <p>Every method throws {@link StoreException} that names the offending field, its value and what was expected.
 * Transactions have a file of their own: {@link TxnRequests}.
 */
public final class Requests {
    private Requests() {}

    /** The namespace meant: a valid name, {@code default} for the empty one. */
    public static String namespace(String name) {
        if (name.isEmpty()) {
            return ScopedKey.DEFAULT_NAMESPACE;
        }
        return name("namespace", name);
    }

    /** A name of a namespace or member: 1 to 63 characters of a-z, 0-9 and '-', starting with a letter or digit. */
    public static String name(String field, String name) {
        boolean valid = !name.isEmpty() && name.length() <= Limits.NAME_CHARACTERS && name.charAt(0) != '-';
        for (int i = 0; valid && i < name.length(); i++) {
            char c = name.charAt(i);
            valid = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
        }
        if (!valid) {
            throw invalid(field + ": \"" + abbreviated(name) + "\" (expected: 1 to " + Limits.NAME_CHARACTERS
                    + " characters of a-z, 0-9 and '-', starting with a letter or digit)");
        }
        return name;
    }

    /** A key of 1 to 4096 bytes, in its scoped form. */
    public static ByteString key(String namespace, ByteString key) {
        return key(Scope.user(namespace), key);
    }

    /** A key of 1 to 4096 bytes, in its scoped form. */
    static ByteString key(Scope scope, ByteString key) {
        if (key.isEmpty()) {
            throw invalid("key: empty (expected: 1 to " + Limits.KEY_BYTES + " bytes)");
        }
        checkKeySize("key", key);
        return scope.key(key);
    }

    /** The keys that a selector means, in the user area of a namespace. */
    public static KeyRange range(String namespace, KeySelector keys) {
        return range(Scope.user(namespace), keys);
    }

    /** The keys that a selector means. */
    static KeyRange range(Scope scope, KeySelector keys) {
        return switch (keys.getKindCase()) {
            case KEY -> KeyRange.single(key(scope, keys.getKey()));
            case PREFIX -> {
                checkKeySize("prefix", keys.getPrefix());
                yield KeyRange.prefix(scope.key(keys.getPrefix()));
            }
            case SPAN -> span(scope, keys.getSpan());
            case KIND_NOT_SET -> throw invalid("keys: not set (expected: one of key, prefix, span)");
        };
    }

    private static KeyRange span(Scope scope, KeySpan span) {
        checkKeySize("span.start", span.getStart());
        checkKeySize("span.end", span.getEnd());
        ByteString start = scope.key(span.getStart());
        if (span.getEnd().isEmpty()) {
            return new KeyRange(start, KeyRange.successor(scope.prefix()));
        }
        ByteString end = scope.key(span.getEnd());
        if (ByteString.unsignedLexicographicalComparator().compare(start, end) >= 0) {
            throw invalid("span.start: " + printable(span.getStart()) + " (expected: less than span.end "
                    + printable(span.getEnd()) + ")");
        }
        return new KeyRange(start, end);
    }

    /** Read options. */
    public static void read(ReadOptions read) {
        nonNegative("read.at_least_revision", read.getAtLeastRevision());
        if (read.getConsistencyValue() < 0 || read.getConsistencyValue() > 1) {
            throw invalid("read.consistency: " + read.getConsistencyValue() + " (expected: 0 or 1)");
        }
    }

    /** A revision: 0 for the current one, or positive. */
    public static void revision(String field, long revision) {
        nonNegative(field, revision);
    }

    /** A range on its own or within a transaction that only reads. */
    public static void range(Range range) {
        // The keys are checked where they are turned into a KeyRange; the namespace does not matter here.
        range(ScopedKey.DEFAULT_NAMESPACE, range.getKeys());
        between("limit", range.getLimit(), 0, Limits.PAGE_ENTRIES);
        between("max_bytes", range.getMaxBytes(), 0, Limits.PAGE_BYTES);
        nonNegative("revision", range.getRevision());
        bounds("mod_revision", range.getMinModRevision(), range.getMaxModRevision());
        bounds("create_revision", range.getMinCreateRevision(), range.getMaxCreateRevision());
        if (range.getSortByValue() < 0 || range.getSortByValue() > 4) {
            throw invalid("sort_by: " + range.getSortByValue() + " (expected: 0 to 4)");
        }
        if (range.getSortOrderValue() < 0 || range.getSortOrderValue() > 1) {
            throw invalid("sort_order: " + range.getSortOrderValue() + " (expected: 0 or 1)");
        }
        if (range.getContinuation().size() > Limits.KEY_BYTES + 64) {
            throw invalid(
                    "continuation: " + range.getContinuation().size() + " bytes (expected: a token of this server)");
        }
    }

    private static void bounds(String field, long min, long max) {
        nonNegative("min_" + field, min);
        nonNegative("max_" + field, max);
        if (max != 0 && min > max) {
            throw invalid("min_" + field + ": " + min + " (expected: at most max_" + field + " " + max + ")");
        }
    }

    /** A put. */
    public static void put(Put put) {
        key(ScopedKey.DEFAULT_NAMESPACE, put.getKey());
        if (put.getAppendRevision()) {
            sequentialKey(put);
        }
        LockGuards.check(put.getRequiredLocksList());
        if (put.getValue().size() > Limits.VALUE_BYTES) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "value: " + put.getValue().size() + " bytes (expected: at most " + Limits.VALUE_BYTES + ")");
        }
        nonNegative("lease_id", put.getLeaseId());
        if (put.getKeepValue() && !put.getValue().isEmpty()) {
            throw invalid("value: " + put.getValue().size() + " bytes (expected: empty together with keep_value)");
        }
        if (put.getKeepLease() && put.getLeaseId() != 0) {
            throw invalid("lease_id: " + put.getLeaseId() + " (expected: 0 together with keep_lease)");
        }
        if (put.getKeepLease() && put.getKeepValue()) {
            throw invalid("keep_value: true (expected: false together with keep_lease, the put would change nothing)");
        }
    }

    private static void sequentialKey(Put put) {
        if (put.getKey().size() + Long.BYTES > Limits.KEY_BYTES) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    "key: " + put.getKey().size() + " bytes (expected: at most " + (Limits.KEY_BYTES - Long.BYTES)
                            + " together with append_revision)");
        }
        if (put.getKeepValue() || put.getKeepLease()) {
            throw invalid("append_revision: true (expected: false together with "
                    + (put.getKeepValue() ? "keep_value" : "keep_lease") + ", the key is a new one)");
        }
    }

    /** A deletion. */
    public static void delete(Delete delete) {
        range(ScopedKey.DEFAULT_NAMESPACE, delete.getKeys());
        LockGuards.check(delete.getRequiredLocksList());
    }

    /** An operation id. */
    public static void operation(OperationId operation) {
        if (operation.getClientId() == 0) {
            throw invalid("operation.client_id: 0 (expected: a random number other than 0)");
        }
        if (operation.getSequence() <= 0) {
            throw invalid("operation.sequence: " + Long.toUnsignedString(operation.getSequence()) + " (expected: 1 to "
                    + Long.MAX_VALUE + ")");
        }
        if (operation.getAcknowledgedBelow() < 0 || operation.getAcknowledgedBelow() > operation.getSequence()) {
            throw invalid("operation.acknowledged_below: "
                    + Long.toUnsignedString(operation.getAcknowledgedBelow()) + " (expected: at most sequence "
                    + operation.getSequence() + ")");
        }
    }

    /** A revision to compact to. */
    public static void compact(long revision) {
        if (revision <= 0) {
            throw invalid("revision: " + revision + " (expected: greater than 0)");
        }
    }

    /** A wanted time to live and lease id; the id may be 0. */
    public static void grant(long ttlMs, long leaseId) {
        between("ttl_ms", ttlMs, Limits.LEASE_TTL_MIN.toMillis(), Limits.LEASE_TTL_MAX.toMillis());
        nonNegative("lease_id", leaseId);
    }

    /** The id of an existing lease. */
    public static void leaseId(long leaseId) {
        if (leaseId <= 0) {
            throw invalid("lease_id: " + leaseId + " (expected: greater than 0)");
        }
    }

    /** The leases of a keepalive. */
    public static void keepAlive(List<Long> leaseIds) {
        if (leaseIds.isEmpty() || leaseIds.size() > Limits.KEEPALIVE_LEASES) {
            throw invalid("lease_ids: " + leaseIds.size() + " (expected: 1 to " + Limits.KEEPALIVE_LEASES + ")");
        }
        leaseIds.forEach(Requests::leaseId);
    }

    /** A page of leases. */
    public static void leaseList(long afterLeaseId, int limit) {
        nonNegative("after_lease_id", afterLeaseId);
        between("limit", limit, 0, Limits.PAGE_ENTRIES);
    }

    /** What a watch wants. */
    public static WatchSpec watch(WatchCreate create) {
        KeyRange range = range(namespace(create.getNamespace()), create.getKeys());
        nonNegative("watch_id", create.getWatchId());
        nonNegative("start_revision", create.getStartRevision());
        if (create.getSnapshot() && create.getStartRevision() != 0) {
            throw invalid("start_revision: " + create.getStartRevision() + " (expected: 0 together with snapshot)");
        }
        if (create.getNoPut() && create.getNoDelete()) {
            throw invalid("no_delete: true (expected: false together with no_put, the watch would see nothing)");
        }
        if (create.getProgressIntervalMs() != 0) {
            between(
                    "progress_interval_ms",
                    create.getProgressIntervalMs(),
                    Limits.PROGRESS_INTERVAL_MIN.toMillis(),
                    Limits.PROGRESS_INTERVAL_MAX.toMillis());
        }
        return new WatchSpec(
                range,
                create.getStartRevision(),
                !create.getNoPut(),
                !create.getNoDelete(),
                create.getPrevious(),
                create.getFragment(),
                create.getSnapshot(),
                Duration.ofMillis(create.getProgressIntervalMs()),
                EventEncoding.STORE);
    }

    static void nonNegative(String field, long value) {
        if (value < 0) {
            throw invalid(field + ": " + value + " (expected: at least 0)");
        }
    }

    static void between(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw invalid(field + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }

    static StoreException invalid(String message) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, message);
    }

    /** Bytes for an error message: text where it is readable, with a bound on the length. */
    static String printable(ByteString bytes) {
        String text = bytes.isValidUtf8()
                ? bytes.toStringUtf8()
                : "0x" + java.util.HexFormat.of().formatHex(bytes.toByteArray());
        return "\"" + abbreviated(text) + "\"";
    }

    private static String abbreviated(String text) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < text.length() && i < 100; i++) {
            char c = text.charAt(i);
            // Keys go into logs and terminals: nothing that moves a cursor or forges a line.
            safe.append(Character.isISOControl(c) ? '?' : c);
        }
        return text.length() > 100 ? safe + "…" : safe.toString();
    }

    private static void checkKeySize(String field, ByteString key) {
        if (key.size() > Limits.KEY_BYTES) {
            throw new StoreException(
                    ErrorCode.TOO_LARGE,
                    field + ": " + key.size() + " bytes (expected: at most " + Limits.KEY_BYTES + ")");
        }
    }
}
