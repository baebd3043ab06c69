package dev.store.server.etcd;

import com.google.protobuf.ByteString;
import dev.store.api.v1.KeySelector;
import dev.store.api.v1.KeySpan;
import dev.store.raft.keyspace.KeyRange;
import dev.store.raft.keyspace.Requests;
import dev.store.raft.keyspace.ScopedKey;
import java.util.Comparator;

/** What etcd's pair of key and range end means. */
final class KeySelection {
    private static final Comparator<ByteString> ORDER = ByteString.unsignedLexicographicalComparator();
    private static final ByteString ZERO = ByteString.copyFrom(new byte[] {0});

    /** Holds no key that can exist, since no key is empty. */
    private static final KeySelector NOTHING =
            KeySelector.newBuilder().setSpan(KeySpan.newBuilder().setEnd(ZERO)).build();

    private KeySelection() {}

    /** The keys that are meant; an end that does not lie behind the key is no error in etcd, but no key either. */
    static KeySelector of(ByteString key, ByteString rangeEnd) {
        if (rangeEnd.isEmpty()) {
            return KeySelector.newBuilder().setKey(key).build();
        }
        if (rangeEnd.equals(ZERO)) {
            return KeySelector.newBuilder()
                    .setSpan(KeySpan.newBuilder().setStart(key))
                    .build();
        }
        if (isEmpty(key, rangeEnd)) {
            return NOTHING;
        }
        return KeySelector.newBuilder()
                .setSpan(KeySpan.newBuilder().setStart(key).setEnd(rangeEnd))
                .build();
    }

    /** The same as scoped keys. */
    static KeyRange range(ByteString key, ByteString rangeEnd) {
        return Requests.range(ScopedKey.DEFAULT_NAMESPACE, of(key, rangeEnd));
    }

    /** All keys that start with a prefix. */
    static KeyRange prefix(ByteString prefix) {
        return Requests.range(
                ScopedKey.DEFAULT_NAMESPACE,
                KeySelector.newBuilder().setPrefix(prefix).build());
    }

    /** Whether no key can be meant. */
    static boolean isEmpty(ByteString key, ByteString rangeEnd) {
        return !rangeEnd.isEmpty() && !rangeEnd.equals(ZERO) && ORDER.compare(key, rangeEnd) >= 0;
    }

    static KeySelector nothing() {
        return NOTHING;
    }
}
