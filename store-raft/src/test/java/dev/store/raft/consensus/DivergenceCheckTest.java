package dev.store.raft.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.raft.consensus.DivergenceCheck.Difference;
import dev.store.raft.keyspace.Keyspace.IndexHash;
import dev.store.raft.v1.StateHash;
import dev.store.raft.v1.StateHashes;
import java.util.List;
import org.junit.jupiter.api.Test;

class DivergenceCheckTest {
    private static final List<IndexHash> OURS =
            List.of(new IndexHash(7, 70), new IndexHash(8, 80), new IndexHash(9, 90));

    private static StateHashes answer(long... indexesAndHashes) {
        StateHashes.Builder answer = StateHashes.newBuilder();
        for (int i = 0; i < indexesAndHashes.length; i += 2) {
            answer.addHashes(
                    StateHash.newBuilder().setIndex(indexesAndHashes[i]).setHash(indexesAndHashes[i + 1]));
        }
        return answer.build();
    }

    @Test
    void membersThatAgreeOrKnowOtherIndexesShowNoDifference() {
        assertThat(DivergenceCheck.difference(OURS, List.of(answer(8, 80), answer(6, 1, 10, 2)), 3))
                .isNull();
    }

    @Test
    void oneOfThreeThatDiffersIsNotBelieved() {
        assertThat(DivergenceCheck.difference(OURS, List.of(answer(8, 81), answer(8, 80)), 3))
                .isNull();
    }

    @Test
    void twoOfThreeThatDifferAmongThemselvesAreNotBelieved() {
        assertThat(DivergenceCheck.difference(OURS, List.of(answer(8, 81), answer(8, 82)), 3))
                .isNull();
    }

    @Test
    void theNewestIndexAtWhichAMajorityHasAnotherHashIsTold() {
        assertThat(DivergenceCheck.difference(OURS, List.of(answer(8, 81, 9, 91), answer(8, 81, 9, 91)), 3))
                .isEqualTo(new Difference(9, 90, 91, 2));
    }
}
