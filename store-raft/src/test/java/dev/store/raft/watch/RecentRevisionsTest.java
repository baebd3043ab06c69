package dev.store.raft.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecentRevisionsTest {
    private final PlainKeyspace keyspace = new PlainKeyspace();

    @Test
    void forgetsTheOldestPastItsBoundAndNeverTheNewest() {
        RecentRevisions recent = new RecentRevisions(10_000, 0);
        for (int i = 1; i <= 1_500; i++) {
            recent.add(new SharedRevision(keyspace.put("a", "" + i)));
            assertThat(recent.bytes()).isLessThanOrEqualTo(10_000);
        }

        assertThat(recent.size()).isBetween(2, 100);
        assertThat(revisions(recent, 1_500)).containsExactly(1_500L);
        assertThat(recent.from(1, 10)).isNull();
        assertThat(recent.from(1_501, 10)).isEmpty();

        recent.add(new SharedRevision(keyspace.put("a", "x".repeat(100_000))));
        assertThat(recent.size()).isEqualTo(1);
        assertThat(recent.reaches(1_501)).isTrue();
        assertThat(recent.reaches(1_500)).isFalse();
    }

    @Test
    void growsWhileTheBoundAllows() {
        RecentRevisions recent = new RecentRevisions(100_000_000, 0);
        for (int i = 1; i <= 1_500; i++) {
            recent.add(new SharedRevision(keyspace.put("a", "" + i)));
        }

        assertThat(revisions(recent, 1)).containsExactlyElementsOf(HubTestBed.upTo(1_500));
    }

    @Test
    void aHoleIsRefused() {
        RecentRevisions recent = new RecentRevisions(10_000, 0);
        keyspace.put("a", "1");
        SharedRevision second = new SharedRevision(keyspace.put("a", "2"));

        assertThatThrownBy(() -> recent.add(second)).hasMessage("revision: 2 (expected: 1, the next one)");
        recent.restart(1);
        recent.add(second);
        assertThat(revisions(recent, 2)).containsExactly(2L);
    }

    private static List<Long> revisions(RecentRevisions recent, long from) {
        List<SharedRevision> found = recent.from(from, Integer.MAX_VALUE);
        return found == null
                ? List.of()
                : found.stream().map(SharedRevision::revision).toList();
    }
}
