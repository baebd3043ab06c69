package dev.store.raft.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.raft.keyspace.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTreeTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void findsExactlyTheIntervalsThatHoldAKey(long seed) {
        Random random = new Random(seed);
        IntervalTree<KeyRange> tree = new IntervalTree<>();
        List<KeyRange> there = new ArrayList<>();

        for (int step = 0; step < 600; step++) {
            if (there.isEmpty() || random.nextInt(3) > 0) {
                KeyRange range = range(random);
                if (!there.contains(range)) {
                    tree.add(range, range);
                    there.add(range);
                }
            } else if (random.nextInt(step < 300 ? 3 : 1) == 0) {
                tree.remove(there.remove(random.nextInt(there.size())));
            }
            ByteString key = key(random);
            List<KeyRange> found = new ArrayList<>();
            tree.holding(key.toByteArray(), found::add);
            assertThat(found)
                    .as("seed %d, step %d", seed, step)
                    .containsExactlyInAnyOrderElementsOf(
                            there.stream().filter(range -> range.contains(key)).toList());
            assertThat(tree.size()).isEqualTo(there.size());
        }
    }

    private static KeyRange range(Random random) {
        while (true) {
            ByteString start = key(random);
            ByteString end = key(random);
            if (ByteString.unsignedLexicographicalComparator().compare(start, end) < 0) {
                return new KeyRange(start, end);
            }
        }
    }

    private static ByteString key(Random random) {
        byte[] bytes = new byte[random.nextInt(3)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (random.nextInt(8) * 36);
        }
        return ByteString.copyFrom(bytes);
    }
}
