package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/** The newest records of a view, whose numbers of keys come from {@link CountedKeys} where these know them. */
final class CountingRecords implements RecordSource {
    private final CurrentRecords records;
    private final CountedKeys counted;
    private final long index;

    /**
     * Makes the records.
     *
     * @param index the applied index that the records show
     */
    CountingRecords(CurrentRecords records, CountedKeys counted, long index) {
        this.records = records;
        this.counted = counted;
        this.index = index;
    }

    @Override
    public @Nullable KeyRecord get(ByteString scopedKey) {
        return records.get(scopedKey);
    }

    @Override
    public KeyspaceView.KeyCursor cursor(KeyRange range, boolean descending) {
        return records.cursor(range, descending);
    }

    @Override
    public long count(KeyRange range) {
        KeyCounts counts = counted.at(index);
        if (counts != null) {
            return counts.count(range, records::count);
        }
        long count = records.count(range);
        counted.counted(count);
        return count;
    }
}
