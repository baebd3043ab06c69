package dev.store.raft.keyspace;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * How many keys lie in a range, at one moment. The order of keys is cut into buckets, and the number of keys of each is
 * kept: only where a range begins or ends within a bucket, its keys must be counted one by one. Immutable, except that
 * neighbours in time share the borders of their buckets.
 */
final class KeyCounts {
    /** Keys of a new bucket; it is divided when it has twice as many. */
    static final int BUCKET_KEYS = 1024;

    private static final Comparator<ByteString> ORDER = ByteString.unsignedLexicographicalComparator();

    /** Bucket i holds the keys from border i up to the next border; the first border is the empty string. */
    private final ByteString[] borders;

    private final int[] counts;

    private KeyCounts(ByteString[] borders, int[] counts) {
        this.borders = borders;
        this.counts = counts;
    }

    /** Counts all keys of a cursor that stands before the first of all. */
    static KeyCounts of(KeyspaceView.KeyCursor keys) {
        List<ByteString> borders = new ArrayList<>(List.of(ByteString.EMPTY));
        List<Integer> counts = new ArrayList<>();
        int count = 0;
        while (keys.next()) {
            if (count == BUCKET_KEYS) {
                counts.add(count);
                borders.add(keys.scopedKey());
                count = 0;
            }
            count++;
        }
        counts.add(count);
        return new KeyCounts(
                borders.toArray(ByteString[]::new),
                counts.stream().mapToInt(Integer::intValue).toArray());
    }

    /**
     * The number of keys in a range.
     *
     * @param oneByOne counts the keys of a part of the range, at the same moment
     */
    long count(KeyRange range, ToLongFunction<KeyRange> oneByOne) {
        int first = bucketOf(range.start());
        int last = bucketOf(range.end());
        if (first == last) {
            return oneByOne.applyAsLong(range);
        }
        long count = borders[first].equals(range.start())
                ? counts[first]
                : oneByOne.applyAsLong(new KeyRange(range.start(), borders[first + 1]));
        for (int i = first + 1; i < last; i++) {
            count += counts[i];
        }
        return borders[last].equals(range.end())
                ? count
                : count + oneByOne.applyAsLong(new KeyRange(borders[last], range.end()));
    }

    /** The counts after changes. Buckets may be too large afterwards, see {@link #divided}. */
    KeyCounts after(List<RevisionEvents> revisions) {
        int[] changed = null;
        boolean emptied = false;
        for (RevisionEvents revision : revisions) {
            for (KeyEvent event : revision.events()) {
                int difference = difference(event);
                if (difference != 0) {
                    changed = changed == null ? counts.clone() : changed;
                    int bucket = bucketOf(event.scopedKey());
                    changed[bucket] += difference;
                    emptied |= changed[bucket] == 0;
                }
            }
        }
        if (changed == null) {
            return this;
        }
        KeyCounts after = new KeyCounts(borders, changed);
        return emptied ? after.withoutEmpty() : after;
    }

    /** Whether changes make or delete a key. */
    static boolean concern(List<RevisionEvents> revisions) {
        for (RevisionEvents revision : revisions) {
            for (KeyEvent event : revision.events()) {
                if (difference(event) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int difference(KeyEvent event) {
        return (event.current() == null ? 0 : 1) - (event.previous() == null ? 0 : 1);
    }

    /**
     * The same with no bucket of more than twice its size.
     *
     * @param records the records at that very moment
     */
    KeyCounts divided(RecordSource records) {
        KeyCounts divided = this;
        for (int i = counts.length - 1; i >= 0; i--) {
            if (counts[i] >= 2 * BUCKET_KEYS) {
                divided = divided.dividedAt(i, records);
            }
        }
        return divided;
    }

    private KeyCounts dividedAt(int bucket, RecordSource records) {
        KeyRange keys = new KeyRange(
                borders[bucket], bucket + 1 < borders.length ? borders[bucket + 1] : CurrentRecords.EVERYTHING.end());
        KeyCounts parts;
        try (KeyspaceView.KeyCursor cursor = records.cursor(keys, false)) {
            parts = of(cursor);
        }
        parts.borders[0] = borders[bucket];
        return replaced(bucket, parts);
    }

    private KeyCounts replaced(int bucket, KeyCounts parts) {
        int more = parts.counts.length - 1;
        ByteString[] newBorders = Arrays.copyOf(borders, borders.length + more);
        int[] newCounts = Arrays.copyOf(counts, counts.length + more);
        int behind = counts.length - bucket - 1;
        System.arraycopy(borders, bucket + 1, newBorders, bucket + 1 + more, behind);
        System.arraycopy(counts, bucket + 1, newCounts, bucket + 1 + more, behind);
        System.arraycopy(parts.borders, 0, newBorders, bucket, more + 1);
        System.arraycopy(parts.counts, 0, newCounts, bucket, more + 1);
        return new KeyCounts(newBorders, newCounts);
    }

    /** Keys that come and go for good, as those with a time in their names do, must not leave a bucket each. */
    private KeyCounts withoutEmpty() {
        ByteString[] newBorders = new ByteString[borders.length];
        int[] newCounts = new int[counts.length];
        int kept = 0;
        for (int i = 0; i < counts.length; i++) {
            if (i == 0 || counts[i] > 0) {
                newBorders[kept] = borders[i];
                newCounts[kept++] = counts[i];
            }
        }
        return new KeyCounts(Arrays.copyOf(newBorders, kept), Arrays.copyOf(newCounts, kept));
    }

    /** Buckets, for tests and figures. */
    int buckets() {
        return counts.length;
    }

    private int bucketOf(ByteString key) {
        int at = Arrays.binarySearch(borders, key, ORDER);
        return at >= 0 ? at : -at - 2;
    }
}
