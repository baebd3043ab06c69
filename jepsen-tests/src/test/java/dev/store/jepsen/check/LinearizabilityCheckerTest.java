package dev.store.jepsen.check;

import static dev.store.jepsen.check.Line.cas;
import static dev.store.jepsen.check.Line.mismatch;
import static dev.store.jepsen.check.Line.on;
import static dev.store.jepsen.check.Line.read;
import static dev.store.jepsen.check.Line.refused;
import static dev.store.jepsen.check.Line.unknown;
import static dev.store.jepsen.check.Line.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.store.jepsen.history.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinearizabilityCheckerTest {
    private final LinearizabilityChecker checker = new LinearizabilityChecker(Duration.ofSeconds(20));

    private Verdict.Status status(Call... calls) {
        return checker.check(List.of(calls)).status();
    }

    @Test
    void oneAfterTheOther() {
        assertThat(status(write(0, 1, "a", 1), read(2, 3, "a", 1), cas(4, 5, "a", "b", 2), read(6, 7, "b", 2)))
                .isEqualTo(Verdict.Status.VALID);
    }

    @Test
    void concurrentReadsMayDisagreeWhileAWriteIsUnderWay() {
        assertThat(status(write(0, 9, "a", 1), read(1, 4, null, 0), read(5, 8, "a", 1)))
                .isEqualTo(Verdict.Status.VALID);
    }

    @Test
    void aStaleReadIsCaught() {
        Verdict verdict = checker.check(List.of(write(0, 1, "a", 1), write(2, 3, "b", 2), read(4, 5, "a", 1)));

        assertThat(verdict.status()).isEqualTo(Verdict.Status.INVALID);
        assertThat(verdict.toString())
                .contains("no order of effects explains these 3 of 3 operations: #0 process 0 write")
                .contains("#4 process 4 read");
    }

    @Test
    void aReadThatGoesBackIsCaught() {
        assertThat(status(write(0, 9, "a", 1), read(1, 3, "a", 1), read(4, 6, null, 0)))
                .isEqualTo(Verdict.Status.INVALID);
    }

    @Test
    void aLostUpdateIsCaught() {
        assertThat(status(write(0, 1, "a", 1), cas(2, 6, "a", "b", 2), cas(3, 7, "a", "c", 3)))
                .isEqualTo(Verdict.Status.INVALID);
    }

    @Test
    void aCompareThatFailedAlthoughItHeldIsCaught() {
        assertThat(status(write(0, 1, "a", 1), mismatch(2, 3, "a", "b", 1))).isEqualTo(Verdict.Status.INVALID);
        assertThat(status(write(0, 1, "a", 1), mismatch(2, 3, "x", "b", 1))).isEqualTo(Verdict.Status.VALID);
    }

    @Test
    void aWriteWithUnknownOutcomeMayTakeEffectLateOrNever() {
        assertThat(status(write(0, 1, "a", 1), unknown(2, "b"), read(3, 4, "a", 1), read(5, 6, "b", 2)))
                .isEqualTo(Verdict.Status.VALID);
        assertThat(status(write(0, 1, "a", 1), unknown(2, "b"), read(3, 4, "a", 1)))
                .isEqualTo(Verdict.Status.VALID);
        assertThat(status(write(0, 1, "a", 1), unknown(2, "b"), read(3, 4, "b", 2), read(5, 6, "a", 1)))
                .isEqualTo(Verdict.Status.INVALID);
    }

    @Test
    void aRefusedWriteMustNotBeSeen() {
        assertThat(status(write(0, 1, "a", 1), refused(2, 3, "b"), read(4, 5, "b", 2)))
                .isEqualTo(Verdict.Status.INVALID);
    }

    @Test
    void keysAreJudgedOneByOne() {
        Verdict verdict = checker.check(List.of(
                write(0, 1, "a", 1),
                on("other", write(2, 3, "b", 2)),
                read(4, 5, "a", 2),
                on("other", read(6, 7, "a", 2))));

        assertThat(verdict.problems()).singleElement().asString().startsWith("key other: ");
    }

    @Test
    void runningOutOfTimeIsNoPass() {
        Verdict verdict = new LinearizabilityChecker(Duration.ofNanos(1)).check(hard(new Random(1)));

        assertThat(verdict.status()).isEqualTo(Verdict.Status.UNKNOWN);
        assertThat(verdict.valid()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void longHistoriesOfARealRegisterPassAndWithOneStaleReadFail(long seed) {
        List<Call> calls = simulate(new Random(seed), 8, 1_000);

        assertThat(checker.check(calls).status()).as("seed %d", seed).isEqualTo(Verdict.Status.VALID);

        int last = calls.size();
        calls.add(read(1_000_000, 1_000_001, "never-written-last", last));
        assertThat(checker.check(calls).status()).as("seed %d", seed).isEqualTo(Verdict.Status.INVALID);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void ofALongHistoryOnlyWhatIsWrongIsNamed(long seed) {
        List<Call> calls = simulate(new Random(seed), 8, 300);
        int before = calls.size();
        calls.add(write(1_000_000, 1_000_001, "older", 1));
        calls.add(read(1_000_002, 1_000_003, "older", 1));
        calls.add(write(1_000_004, 1_000_005, "newer", 2));
        calls.add(read(1_000_006, 1_000_007, "older", 1));
        calls.add(read(1_000_008, 1_000_009, "newer", 2));

        Verdict verdict = checker.check(calls);

        assertThat(verdict.problems())
                .as("seed %d", seed)
                .singleElement(STRING)
                .contains("these 3 of " + (before + 5) + " operations")
                .contains("#1000000 ", "#1000004 ", "#1000006 ");
    }

    @Test
    void aWriteThatAnyoneMayHaveSeenIsNotLeftOut() {
        Register register = new Register();
        Call written = write(0, 1, "a", 1);

        assertThat(register.dispensable(written, List.of(read(2, 3, "a", 1)))).isFalse();
        assertThat(register.dispensable(written, List.of(cas(2, 3, "a", "b", 1))))
                .isFalse();
        assertThat(register.dispensable(written, List.of(mismatch(2, 3, "c", "d", 1))))
                .isFalse();
        assertThat(register.dispensable(written, List.of(read(2, 3, "b", 1), write(4, 5, "a", 2))))
                .isTrue();
        assertThat(register.dispensable(read(2, 3, "a", 1), List.of(written))).isTrue();
    }

    /** Processes that take turns at random on a true register: each effect lies between begin and end. */
    private static List<Call> simulate(Random random, int processes, int operations) {
        List<Call> calls = new ArrayList<>();
        long[] begin = new long[processes];
        boolean[] open = new boolean[processes];
        boolean[] done = new boolean[processes];
        boolean[] reads = new boolean[processes];
        String[] seen = new String[processes];
        String value = null;
        long place = 0;
        while (calls.size() < operations) {
            int p = random.nextInt(processes);
            if (!open[p]) {
                open[p] = true;
                done[p] = false;
                begin[p] = place++;
                reads[p] = random.nextBoolean();
                seen[p] = "v" + begin[p];
            } else if (!done[p]) {
                done[p] = true;
                if (reads[p]) {
                    seen[p] = value;
                } else {
                    value = seen[p];
                }
            } else {
                open[p] = false;
                calls.add(reads[p] ? read(begin[p], place, seen[p], 1) : write(begin[p], place, seen[p], 1));
                place++;
            }
        }
        for (int p = 0; p < processes; p++) {
            if (open[p] && !reads[p]) {
                calls.add(unknown(begin[p], seen[p]));
            }
        }
        return calls;
    }

    /** Many concurrent writes and a read that none of their orders explains. */
    private static List<Call> hard(Random random) {
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 18; i++) {
            calls.add(write(i, 1_000 + i, "v" + random.nextInt(1_000_000), 1));
        }
        calls.add(read(2_000, 2_001, "none", 1));
        return calls;
    }
}
