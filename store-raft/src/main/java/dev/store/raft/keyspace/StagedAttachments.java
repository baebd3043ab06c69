package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import dev.store.raft.storage.OrderedReader;
import dev.store.raft.storage.WriteImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which keys are on which lease, with the changes of an entry that are not written yet. */
final class StagedAttachments {
    private final OrderedReader reader;
    private final WriteImage image;
    /** For each lease, keys attached (true) or detached (false) by this entry. */
    private final Map<Long, TreeMap<ByteString, Boolean>> staged = new TreeMap<>();

    StagedAttachments(OrderedReader reader, WriteImage image) {
        this.reader = reader;
        this.image = image;
    }

    /** Notes that a key went from one lease to another; 0 stands for none. */
    void change(ByteString key, long from, long to) {
        if (from == to) {
            return;
        }
        if (from != 0) {
            image.delete(Rows.attachment(from, key));
            stage(from, key, false);
        }
        if (to != 0) {
            image.put(Rows.attachment(to, key), new byte[0]);
            stage(to, key, true);
        }
    }

    List<ByteString> keys(long leaseId) {
        TreeSet<ByteString> keys = new TreeSet<>(ByteString.unsignedLexicographicalComparator());
        keys.addAll(LeaseTable.keys(reader, leaseId));
        staged.getOrDefault(leaseId, new TreeMap<>()).forEach((key, attached) -> {
            if (attached) {
                keys.add(key);
            } else {
                keys.remove(key);
            }
        });
        return new ArrayList<>(keys);
    }

    private void stage(long leaseId, ByteString key, boolean attached) {
        staged.computeIfAbsent(leaseId, id -> new TreeMap<>(ByteString.unsignedLexicographicalComparator()))
                .put(key, attached);
    }
}
