package dev.store.api.client;

import dev.store.api.v1.Range;
import dev.store.api.v1.SortOrder;
import java.util.Objects;

/** A read of many keys. Made by {@link Op#range}; immutable. */
public final class RangeOp implements Op {
    private final Range range;

    private RangeOp(Range range) {
        this.range = range;
    }

    static RangeOp of(Keys keys) {
        return new RangeOp(Range.newBuilder().setKeys(keys.toProto()).build());
    }

    /** At most this many entries, 1 to 10,000 in a page; a stream takes any number. */
    public RangeOp limit(long entries) {
        return new RangeOp(range.toBuilder().setLimit(entries).build());
    }

    /** Reads the state at this revision instead of the current one. */
    public RangeOp atRevision(long revision) {
        return new RangeOp(range.toBuilder().setRevision(revision).build());
    }

    /** Leaves the values out. */
    public RangeOp keysOnly() {
        return new RangeOp(range.toBuilder().setKeysOnly(true).build());
    }

    /** Answers with the count only. */
    public RangeOp countOnly() {
        return new RangeOp(range.toBuilder().setCountOnly(true).build());
    }

    /** Also counts all matching keys, not only those of the page. */
    public RangeOp withCount() {
        return new RangeOp(range.toBuilder().setWithCount(true).build());
    }

    /** Sorts by something else than the key; then at most 100,000 keys may match, and there is one page only. */
    public RangeOp sortBy(SortBy target) {
        return new RangeOp(range.toBuilder().setSortBy(target.toProto()).build());
    }

    /** Sorts the other way round. */
    public RangeOp descending() {
        return new RangeOp(
                range.toBuilder().setSortOrder(SortOrder.SORT_ORDER_DESCENDING).build());
    }

    /** Only entries last put at this revision or later. */
    public RangeOp minModRevision(long revision) {
        return new RangeOp(range.toBuilder().setMinModRevision(revision).build());
    }

    /** Only entries last put at this revision or earlier. */
    public RangeOp maxModRevision(long revision) {
        return new RangeOp(range.toBuilder().setMaxModRevision(revision).build());
    }

    /** Only entries created at this revision or later. */
    public RangeOp minCreateRevision(long revision) {
        return new RangeOp(range.toBuilder().setMinCreateRevision(revision).build());
    }

    /** Only entries created at this revision or earlier. */
    public RangeOp maxCreateRevision(long revision) {
        return new RangeOp(range.toBuilder().setMaxCreateRevision(revision).build());
    }

    /** Ends a page before it has more bytes of keys and values than this: 1 MiB if not set, at most 4 MiB. */
    public RangeOp maxBytes(long bytes) {
        return new RangeOp(range.toBuilder().setMaxBytes(bytes).build());
    }

    /**
     * Goes on where a page ended, at the same revision; the rest of the operation must be as it was for that page.
     *
     * @throws IllegalArgumentException if the page was the last one
     */
    public RangeOp after(RangeAnswer page) {
        if (page.continuation().isEmpty()) {
            throw new IllegalArgumentException("page: the last one (expected: one with a continuation)");
        }
        return continuation(page.continuation());
    }

    /** Goes on from a continuation kept as bytes; see {@link #after}. */
    public RangeOp continuation(Bytes continuation) {
        return new RangeOp(
                range.toBuilder().setContinuation(continuation.toByteString()).build());
    }

    Range toProto() {
        return range;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RangeOp that && range.equals(that.range);
    }

    @Override
    public int hashCode() {
        return Objects.hash(range);
    }

    @Override
    public String toString() {
        return "range " + range;
    }
}
