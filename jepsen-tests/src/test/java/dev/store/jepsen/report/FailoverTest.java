package dev.store.jepsen.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.History;
import dev.store.jepsen.history.Op;
import dev.store.jepsen.history.OpType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FailoverTest {
    private static final long MS = 1_000_000;

    private final List<Op> ops = new ArrayList<>();

    @Test
    void itEndsWithTheFirstWriteThatWasSentWhenAllHarmWasDone() {
        line(1, 900, OpType.INVOKE, "write", null, Map.of());
        line(9, 950, OpType.INVOKE, "nemesis-kill-leader", null, Map.of());
        // Sent before the end of the leader, which may have answered it.
        line(1, 1_010, OpType.OK, "write", null, Map.of());
        line(2, 1_100, OpType.INVOKE, "read", null, Map.of());
        line(2, 1_110, OpType.OK, "read", null, Map.of());
        line(3, 1_100, OpType.INVOKE, "write", null, Map.of());
        line(4, 1_200, OpType.INVOKE, "cas", null, Map.of());
        line(4, 1_210, OpType.FAIL, "cas", null, Map.of());
        line(4, 1_300, OpType.INVOKE, "write", null, Map.of());
        line(4, 1_700, OpType.OK, "write", null, Map.of());
        line(3, 3_000, OpType.OK, "write", null, Map.of());
        line(9, 4_000, OpType.OK, "nemesis-kill-leader", null, harm(1_000, 1_050));

        assertThat(failovers()).containsExactly(new Failover("kill-leader", 0.7));
    }

    @Test
    void aTransactionThatOnlyReadsIsNoWrite() {
        line(9, 950, OpType.INVOKE, "nemesis-pause-leader", null, Map.of());
        line(1, 1_100, OpType.INVOKE, "txn", List.of(List.of("r", "1")), Map.of());
        line(1, 1_200, OpType.OK, "txn", null, Map.of());
        line(1, 1_300, OpType.INVOKE, "txn", List.of(List.of("r", "1"), List.of("append", "1", 7L)), Map.of());
        line(1, 1_500, OpType.OK, "txn", null, Map.of());
        line(9, 4_000, OpType.OK, "nemesis-pause-leader", null, harm(1_000, 1_000));

        assertThat(failovers()).containsExactly(new Failover("pause-leader", 0.5));
    }

    @Test
    void oneWithoutALaterWriteIsTold() {
        line(1, 900, OpType.INVOKE, "add", 1L, Map.of());
        line(1, 910, OpType.OK, "add", 1L, Map.of());
        line(9, 950, OpType.INVOKE, "nemesis-kill-all", null, Map.of());
        line(9, 4_000, OpType.OK, "nemesis-kill-all", null, harm(1_000, 1_000));

        assertThat(failovers()).containsExactly(new Failover("kill-all", null));
        assertThat(FailoverTimes.of(List.of(record()))).containsExactly(new FailoverTimes("kill-all", 0, 1, 0, 0, 0));
    }

    @Test
    void faultsThatLeaveTheLeaderAndRunsWithoutWritesHaveNone() {
        line(9, 950, OpType.INVOKE, "nemesis-kill-leader", null, Map.of());
        line(9, 4_000, OpType.OK, "nemesis-kill-leader", null, harm(1_000, 1_000));
        assertThat(failovers()).isEmpty();

        line(1, 4_100, OpType.INVOKE, "add", 1L, Map.of());
        line(1, 4_110, OpType.OK, "add", 1L, Map.of());
        line(9, 4_200, OpType.INVOKE, "nemesis-kill-one", null, Map.of());
        line(9, 4_300, OpType.OK, "nemesis-kill-one", null, harm(4_210, 4_220));
        assertThat(failovers()).extracting(Failover::fault).containsExactly("kill-leader");
    }

    @Test
    void timesAreTheMedianTheNinetyNinthOfAHundredAndTheMost() {
        for (int i = 1; i <= 200; i++) {
            long struck = i * 100_000L;
            line(9, struck, OpType.INVOKE, "nemesis-kill-leader", null, Map.of());
            line(1, struck + 2, OpType.INVOKE, "add", 1L, Map.of());
            line(1, struck + i * 10L, OpType.OK, "add", 1L, Map.of());
            line(9, struck + 5_000, OpType.OK, "nemesis-kill-leader", null, harm(struck, struck + 1));
        }

        assertThat(FailoverTimes.of(List.of(record())))
                .containsExactly(new FailoverTimes("kill-leader", 200, 0, 1.0, 1.98, 2.0));
    }

    private RunRecord record() {
        return SummaryTest.record("set", "kill-leader", RunRecord.VALID, Figures.of(new History(ops)), List.of());
    }

    private List<Failover> failovers() {
        return Figures.of(new History(ops)).failovers();
    }

    private void line(long process, long ms, OpType type, String f, @Nullable Object value, Map<String, Object> facts) {
        ops.add(new Op(ops.size(), ms * MS, process, type, f, value, facts));
    }

    private static Map<String, Object> harm(long struckMs, long harmedMs) {
        return Map.of("struck", struckMs * MS, "harmed", harmedMs * MS);
    }
}
