package dev.store.api.client;

import dev.store.api.v1.Compare;
import java.util.Objects;

/**
 * A condition of a {@link Transaction} on one key, or on every existing key of a range. Immutable.
 *
 * <p>A key that does not exist has version, revisions and lease 0, and no value: a condition on its value never holds,
 * also with {@link Relation#NOT_EQUAL}. If no key of a range exists, the condition is judged on one missing key.
 */
public final class Condition {
    private final Compare compare;

    private Condition(Compare compare) {
        this.compare = compare;
    }

    /** The key exists. */
    public static Condition exists(String key) {
        return exists(Keys.of(key));
    }

    /** At least one of the keys exists. */
    public static Condition exists(Keys keys) {
        return new Condition(on(keys, Relation.EQUAL).setExists(true).build());
    }

    /** The key does not exist. */
    public static Condition missing(String key) {
        return missing(Keys.of(key));
    }

    /** None of the keys exists. */
    public static Condition missing(Keys keys) {
        return new Condition(on(keys, Relation.EQUAL).setExists(false).build());
    }

    /** The key is still as it was read: nobody put or deleted it since. */
    public static Condition unchanged(Entry entry) {
        return modRevision(Keys.of(entry.key()), Relation.EQUAL, entry.modRevision());
    }

    /** The value, compared as unsigned bytes. */
    public static Condition value(String key, Relation relation, String value) {
        return value(Keys.of(key), relation, Bytes.of(value));
    }

    /** The value, compared as unsigned bytes. */
    public static Condition value(Keys keys, Relation relation, Bytes value) {
        return new Condition(on(keys, relation).setValue(value.toByteString()).build());
    }

    /** The number of puts since the key was created. */
    public static Condition version(String key, Relation relation, long version) {
        return version(Keys.of(key), relation, version);
    }

    /** The number of puts since the key was created. */
    public static Condition version(Keys keys, Relation relation, long version) {
        return new Condition(on(keys, relation).setVersion(version).build());
    }

    /** The revision at which the key was created. */
    public static Condition createRevision(String key, Relation relation, long revision) {
        return createRevision(Keys.of(key), relation, revision);
    }

    /** The revision at which the key was created. */
    public static Condition createRevision(Keys keys, Relation relation, long revision) {
        return new Condition(on(keys, relation).setCreateRevision(revision).build());
    }

    /** The revision of the last put. */
    public static Condition modRevision(String key, Relation relation, long revision) {
        return modRevision(Keys.of(key), relation, revision);
    }

    /** The revision of the last put. */
    public static Condition modRevision(Keys keys, Relation relation, long revision) {
        return new Condition(on(keys, relation).setModRevision(revision).build());
    }

    /** The lease that the key is attached to. */
    public static Condition lease(String key, Relation relation, long leaseId) {
        return lease(Keys.of(key), relation, leaseId);
    }

    /** The lease that the key is attached to. */
    public static Condition lease(Keys keys, Relation relation, long leaseId) {
        return new Condition(on(keys, relation).setLeaseId(leaseId).build());
    }

    private static Compare.Builder on(Keys keys, Relation relation) {
        return Compare.newBuilder().setKeys(keys.toProto()).setOperator(relation.toProto());
    }

    Compare toProto() {
        return compare;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Condition that && compare.equals(that.compare);
    }

    @Override
    public int hashCode() {
        return Objects.hash(compare);
    }

    @Override
    public String toString() {
        return compare.toString();
    }
}
