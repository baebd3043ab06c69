package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import dev.store.jepsen.history.Keyword;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples are those by which Adya (PhD thesis, MIT 1999) and Elle name the anomalies. */
class ListAppendCheckerTest {
    private final ListAppendChecker checker = new ListAppendChecker();

    @Test
    void transactionsOneAfterTheOtherAreGood() {
        good(
                txn(0, 1, append("x", 1), append("y", 1)),
                txn(2, 3, read("x", 1), append("x", 2)),
                txn(4, 5, read("x", 1, 2), read("y", 1)));
    }

    @Test
    void aTransactionReadsWhatItAppendedItself() {
        good(txn(0, 1, append("x", 1), read("x", 1)), txn(2, 3, read("x", 1)));
    }

    @Test
    void anUnknownAppendThatIsSeenHasHappened() {
        good(
                Told.call("txn", "", List.of(append("x", 1)), 0).unknown(1),
                txn(2, 3, read("x")),
                txn(4, 5, read("x", 1)));
    }

    @Test
    void concurrentTransactionsMayBeOrderedEitherWay() {
        good(txn(0, 9, append("x", 1)), txn(1, 8, append("x", 2)), txn(10, 11, read("x", 2, 1)));
    }

    @Test
    void aReadOfAnAbortedAppendIsCaught() {
        caught("G1a", Told.call("txn", "", List.of(append("x", 1)), 0).refused(1, "changed"), txn(2, 3, read("x", 1)));
    }

    @Test
    void aReadOfAHalfDoneTransactionIsCaught() {
        caught("G1b", txn(0, 9, append("x", 1), append("x", 2)), txn(1, 8, read("x", 1)), txn(10, 11, read("x", 1, 2)));
    }

    @Test
    void anElementFromNowhereIsCaught() {
        caught("nobody appended", txn(0, 1, read("x", 7)));
    }

    @Test
    void anElementTwiceIsCaught() {
        caught("twice", txn(0, 1, append("x", 1)), txn(2, 3, read("x", 1, 1)));
    }

    @Test
    void listsThatContradictEachOtherAreCaught() {
        caught(
                "incompatible",
                txn(0, 1, append("x", 1)),
                txn(2, 3, append("x", 2)),
                txn(4, 5, read("x", 1, 2)),
                txn(6, 7, read("x", 2)));
    }

    @Test
    void aLostAppendIsCaught() {
        caught("lost append", txn(0, 1, append("x", 1)), txn(2, 3, append("x", 2)), txn(4, 5, read("x", 2)));
    }

    @Test
    void writesThatCycleAreCaught() {
        caught(
                "G0:",
                txn(0, 8, append("x", 1), append("y", 2)),
                txn(1, 9, append("x", 2), append("y", 1)),
                txn(10, 11, read("x", 1, 2), read("y", 1, 2)));
    }

    @Test
    void informationThatFlowsInACircleIsCaught() {
        caught("G1c:", txn(0, 8, append("x", 1), read("y", 1)), txn(1, 9, append("y", 1), read("x", 1)));
    }

    @Test
    void aLostUpdateIsCaught() {
        caught(
                "G-single:",
                txn(0, 8, read("x"), append("x", 1)),
                txn(1, 9, read("x"), append("x", 2)),
                txn(10, 11, read("x", 1, 2)));
    }

    @Test
    void readSkewIsCaught() {
        caught(
                "G-single:",
                txn(0, 9, append("x", 1), append("y", 1)),
                txn(1, 8, read("x", 1), read("y")),
                txn(10, 11, read("x", 1), read("y", 1)));
    }

    @Test
    void writeSkewIsCaught() {
        caught(
                "G2:",
                txn(0, 8, read("x"), append("y", 1)),
                txn(1, 9, read("y"), append("x", 1)),
                txn(10, 11, read("x", 1), read("y", 1)));
    }

    @Test
    void aStaleReadIsCaughtByRealTimeOnly() {
        caught("with real time", txn(0, 1, append("x", 1)), txn(2, 3, read("x")), txn(4, 5, read("x", 1)));
    }

    private void good(Call... calls) {
        assertThat(checker.check(List.of(calls)).problems()).isEmpty();
    }

    private void caught(String problem, Call... calls) {
        assertThat(checker.check(List.of(calls)).problems()).anyMatch(found -> found.contains(problem));
    }

    private static Call txn(long begin, long end, Object... mops) {
        return Told.call("txn", "", List.of(mops), begin).ok(end, List.of(mops));
    }

    private static List<Object> append(String key, long element) {
        return List.of(new Keyword("append"), key, element);
    }

    private static List<Object> read(String key, long... elements) {
        return List.of(new Keyword("r"), key, Arrays.stream(elements).boxed().toList());
    }
}
