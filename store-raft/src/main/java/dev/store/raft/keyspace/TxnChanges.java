package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What a list of operations may change, whatever its nested transactions decide; refuses a second change of a key. */
final class TxnChanges {
    private static final ByteString FIRST_NUMBER = ByteString.copyFrom(new byte[Long.BYTES]);

    private final TreeSet<ByteString> puts = new TreeSet<>(ByteString.unsignedLexicographicalComparator());
    /** What puts with an appended revision start with: the number is not known, but the same for all of them. */
    private final TreeSet<ByteString> sequences = new TreeSet<>(ByteString.unsignedLexicographicalComparator());

    private final List<KeyRange> deletes = new ArrayList<>();

    void addPut(ByteString key) {
        refuseIfChanged(key);
        puts.add(key);
    }

    void addSequentialPut(ByteString prefix) {
        refuseIfSequenceChanged(prefix);
        sequences.add(prefix);
    }

    void addDelete(KeyRange range) {
        ByteString hit = puts.ceiling(range.start());
        if (hit != null && range.contains(hit)) {
            throw duplicate(hit);
        }
        for (ByteString prefix : sequences) {
            if (numbered(prefix).overlaps(range)) {
                throw duplicate(prefix);
            }
        }
        deletes.add(range);
    }

    /** The two branches of a nested transaction may overlap each other, but not what stands around it. */
    void addNested(TxnChanges then, TxnChanges otherwise) {
        for (TxnChanges branch : List.of(then, otherwise)) {
            branch.puts.forEach(this::refuseIfChanged);
            branch.sequences.forEach(this::refuseIfSequenceChanged);
        }
        for (TxnChanges branch : List.of(then, otherwise)) {
            branch.deletes.forEach(this::addDelete);
        }
        for (TxnChanges branch : List.of(then, otherwise)) {
            puts.addAll(branch.puts);
            sequences.addAll(branch.sequences);
        }
    }

    private void refuseIfChanged(ByteString key) {
        int prefix = key.size() - Long.BYTES;
        if (puts.contains(key)
                || (prefix > 0 && !sequences.isEmpty() && sequences.contains(key.substring(0, prefix)))
                || deletes.stream().anyMatch(range -> range.contains(key))) {
            throw duplicate(key);
        }
    }

    private void refuseIfSequenceChanged(ByteString prefix) {
        KeyRange keys = numbered(prefix);
        boolean put = puts.subSet(keys.start(), keys.end()).stream()
                .anyMatch(key -> key.size() == prefix.size() + Long.BYTES && key.startsWith(prefix));
        if (put || sequences.contains(prefix) || deletes.stream().anyMatch(keys::overlaps)) {
            throw duplicate(prefix);
        }
    }

    /** Where a key lies that is a prefix and a number. */
    private static KeyRange numbered(ByteString prefix) {
        return new KeyRange(prefix.concat(FIRST_NUMBER), KeyRange.successor(prefix));
    }

    private static StoreException duplicate(ByteString key) {
        return new StoreException(
                ErrorCode.DUPLICATE_KEY,
                "key: " + Requests.printable(ScopedKey.key(key))
                        + " is changed twice in one branch (expected: at most one put or delete of a key)");
    }
}
