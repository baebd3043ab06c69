package dev.store.raft.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.raft.keyspace.Keyspace.IndexHash;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentHashesTest {
    private final RecentHashes hashes = new RecentHashes();

    @Test
    void theNewestHashIsAlwaysThere() {
        for (long index = 0; index <= 2; index++) {
            hashes.add(index, 100 + index);
        }

        assertThat(hashes.all()).containsExactly(new IndexHash(0, 100), new IndexHash(2, 102));
    }

    @Test
    void membersAtDifferentPlacesHaveHashesInCommon() {
        RecentHashes ahead = new RecentHashes();
        for (long index = 0; index <= 1_000; index++) {
            ahead.add(index, index);
            if (index <= 501) {
                hashes.add(index, index);
            }
        }

        assertThat(ahead.all()).containsAll(hashes.all().subList(0, hashes.all().size() - 1));
        assertThat(hashes.all()).endsWith(new IndexHash(496, 496), new IndexHash(501, 501));
    }

    @Test
    void whatIsKeptIsBounded() {
        for (long index = 0; index <= 100_000; index++) {
            hashes.add(index, index);
        }

        List<IndexHash> all = hashes.all();
        assertThat(all).hasSizeLessThanOrEqualTo(513).endsWith(new IndexHash(100_000, 100_000));
    }

    @Test
    void aKeyspaceWithoutEntriesHasNone() {
        hashes.add(-1, 7);

        assertThat(hashes.all()).isEmpty();
    }
}
