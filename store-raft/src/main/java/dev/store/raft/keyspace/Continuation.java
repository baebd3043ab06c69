package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.v1.Range;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a range ended: the token that clients send back, opaque to them.
 *
 * @param revision the revision that all pages are read at
 * @param lastKey the last scoped key of the page before
 */
record Continuation(long revision, ByteString lastKey) {
    private static final int FORMAT = 1;

    ByteString encode(Scope scope, Range range) {
        return ByteString.copyFrom(new RowWriter(32 + lastKey.size())
                .tag(FORMAT)
                .number(revision)
                .number(fingerprint(scope, range))
                .bytes(ScopedKey.key(lastKey))
                .done());
    }

    /** The continuation that a range asks for, or null for a first page. */
    static @Nullable Continuation of(Scope scope, Range range) {
        if (range.getContinuation().isEmpty()) {
            return null;
        }
        try {
            RowReader reader = new RowReader(range.getContinuation().toByteArray());
            int format = reader.tag();
            long revision = reader.number();
            long fingerprint = reader.number();
            ByteString key = reader.bytes();
            if (format != FORMAT || revision < 0) {
                throw unknown();
            }
            if (fingerprint != fingerprint(scope, range)) {
                throw Requests.invalid(
                        "continuation: of another range (expected: the fields of the request that gave the token)");
            }
            return new Continuation(revision, scope.key(key));
        } catch (IndexOutOfBoundsException e) {
            throw unknown();
        }
    }

    /** What is left of the range after the page before. */
    KeyRange rest(KeyRange range, boolean descending) {
        if (!range.contains(lastKey)) {
            throw unknown();
        }
        // The successor of a key in the order of bytes is the key with a zero byte appended.
        ByteString next = KeyRange.single(lastKey).end();
        if (descending ? lastKey.equals(range.start()) : next.equals(range.end())) {
            throw unknown();
        }
        return descending ? new KeyRange(range.start(), lastKey) : new KeyRange(next, range.end());
    }

    private static RuntimeException unknown() {
        return Requests.invalid("continuation: unknown token (expected: one that a Range answer returned)");
    }

    private static long fingerprint(Scope scope, Range range) {
        CRC32C crc = new CRC32C();
        crc.update(scope.prefix().toByteArray());
        crc.update(range.toBuilder().clearContinuation().build().toByteArray());
        return crc.getValue();
    }
}
