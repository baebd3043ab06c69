package dev.store.raft.keyspace;

import static dev.store.raft.keyspace.Commands.delete;
import static dev.store.raft.keyspace.Commands.key;
import static dev.store.raft.keyspace.Commands.prefix;
import static dev.store.raft.keyspace.Commands.put;
import static dev.store.raft.keyspace.Commands.range;
import static dev.store.raft.keyspace.Commands.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.store.api.v1.RangeResult;
import dev.store.api.v1.SortOrder;
import dev.store.api.v1.SortTarget;
import dev.store.raft.storage.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RangeTest {
    private final TestKeyspace test = new TestKeyspace(new MemoryStore());

    @BeforeEach
    void putSomeKeys() {
        for (String key : List.of("b", "a", "d", "c", "ab")) {
            test.apply(put(key, "value of " + key));
        }
        test.apply(put("a", "zzz"));
    }

    @Test
    void spansIncludeTheirStartAndExcludeTheirEnd() {
        assertThat(test.keys(range(span("a", "c")))).containsExactly("a", "ab", "b");
        assertThat(test.keys(range(span("ab", "")))).containsExactly("ab", "b", "c", "d");
        assertThat(test.keys(range(prefix("a")))).containsExactly("a", "ab");
        assertThat(test.keys(range(key("a")))).containsExactly("a");
    }

    @Test
    void entriesCanBeSortedByEveryPropertyBothWays() {
        assertThat(sorted(SortTarget.SORT_TARGET_KEY, true)).containsExactly("d", "c", "b", "ab", "a");
        assertThat(sorted(SortTarget.SORT_TARGET_CREATE_REVISION, false)).containsExactly("b", "a", "d", "c", "ab");
        assertThat(sorted(SortTarget.SORT_TARGET_MOD_REVISION, true)).containsExactly("a", "ab", "c", "d", "b");
        assertThat(sorted(SortTarget.SORT_TARGET_VERSION, true)).startsWith("a");
        assertThat(sorted(SortTarget.SORT_TARGET_VALUE, false)).containsExactly("ab", "b", "c", "d", "a");
    }

    private List<String> sorted(SortTarget target, boolean descending) {
        return test.keys(range(prefix(""))
                .setSortBy(target)
                .setSortOrder(descending ? SortOrder.SORT_ORDER_DESCENDING : SortOrder.SORT_ORDER_ASCENDING));
    }

    @Test
    void pagesGoOnAtTheSameRevisionWhateverIsWrittenMeanwhile() {
        for (SortOrder order : List.of(SortOrder.SORT_ORDER_ASCENDING, SortOrder.SORT_ORDER_DESCENDING)) {
            List<String> keys = new ArrayList<>();
            RangeResult page =
                    test.range(range(prefix("")).setLimit(2).setSortOrder(order).setWithCount(true));
            assertThat(page.getCount()).isEqualTo(5);
            long revision = page.getRevision();
            while (true) {
                page.getEntriesList().forEach(entry -> keys.add(entry.getKey().toStringUtf8()));
                if (!page.getMore()) {
                    break;
                }
                test.apply(put("aa", "new"));
                test.apply(delete(key("c")));
                page = test.range(range(prefix(""))
                        .setLimit(2)
                        .setSortOrder(order)
                        .setWithCount(true)
                        .setContinuation(page.getContinuation()));
                assertThat(page.getRevision()).isEqualTo(revision);
            }
            List<String> expected = order == SortOrder.SORT_ORDER_ASCENDING
                    ? List.of("a", "ab", "b", "c", "d")
                    : List.of("d", "c", "b", "ab", "a");
            assertThat(keys).isEqualTo(expected);
            test.apply(delete(key("aa")));
            test.apply(put("c", "back"));
        }
    }

    @Test
    void aContinuationOfAnotherRangeIsRefused() {
        RangeResult page = test.range(range(prefix("")).setLimit(2));

        assertThatThrownBy(() -> test.range(range(prefix("a")).setLimit(2).setContinuation(page.getContinuation())))
                .hasMessageContaining("continuation: of another range");
        assertThatThrownBy(() -> test.range(range(prefix("")).setContinuation(Commands.bytes("x"))))
                .hasMessageContaining("continuation: unknown token");
    }

    @Test
    void aPageEndsAtItsBytesButHoldsAtLeastOneEntry() {
        RangeResult page = test.range(range(prefix("")).setMaxBytes(1));

        assertThat(page.getEntriesCount()).isEqualTo(1);
        assertThat(page.getMore()).isTrue();
    }

    @Test
    void onlyEntriesWithinTheRevisionBoundsAreReturned() {
        assertThat(test.keys(range(prefix("")).setMinModRevision(4))).containsExactly("a", "ab", "c");
        assertThat(test.keys(range(prefix("")).setMaxModRevision(3))).containsExactly("b", "d");
        assertThat(test.keys(range(prefix("")).setMinCreateRevision(2).setMaxCreateRevision(3)))
                .containsExactly("a", "d");
    }

    @Test
    void countAndKeysCanBeHadAlone() {
        RangeResult counted = test.range(range(prefix("a")).setCountOnly(true));
        assertThat(counted.getCount()).isEqualTo(2);
        assertThat(counted.getEntriesCount()).isZero();

        assertThat(test.range(range(prefix("")).setKeysOnly(true)).getEntriesList())
                .hasSize(5)
                .allMatch(entry -> entry.getValue().isEmpty());
    }

    @Test
    void anEmptyAnswerIsComplete() {
        RangeResult nothing = test.range(range(prefix("nothing")));

        assertThat(nothing.getCount()).isZero();
        assertThat(nothing.getMore()).isFalse();
        assertThat(nothing.getContinuation().isEmpty()).isTrue();
    }
}
