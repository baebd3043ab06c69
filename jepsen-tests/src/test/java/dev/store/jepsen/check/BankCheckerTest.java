package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BankCheckerTest {
    private final BankChecker checker = new BankChecker(100);

    @Test
    void balancesThatMakeTheTotalAreGood() {
        assertThat(checker.check(List.of(read(0, 5, 40L, 60L), readAt(2, 5, 40L, 60L), read(4, 6, 30L, 70L)))
                        .problems())
                .isEmpty();
    }

    @Test
    void aRevisionThatWasCompactedMayBeRefused() {
        assertThat(checker.check(List.of(
                                Told.call("compact", "", 10L, 0).ok(1, 10L),
                                Told.call("bank-read-at", "", 5L, 2).refused(3, "COMPACTED: revision 5")))
                        .problems())
                .isEmpty();
    }

    @Test
    void moneyFromNowhereIsCaught() {
        caught("balances that make 110", read(0, 5, 50L, 60L));
    }

    @Test
    void aBalanceBelowZeroIsCaught() {
        caught("below zero", read(0, 5, -10L, 110L));
    }

    @Test
    void aPastThatChangesIsCaught() {
        caught("two reads of one revision", read(0, 5, 40L, 60L), readAt(2, 5, 50L, 50L));
    }

    @Test
    void aRefusalOfWhatNobodyCompactedIsCaught() {
        caught("nobody had compacted", Told.call("bank-read-at", "", 5L, 2).refused(3, "COMPACTED: revision 5"));
    }

    private void caught(String problem, Call... calls) {
        assertThat(checker.check(List.of(calls)).problems()).anyMatch(found -> found.contains(problem));
    }

    private static Call read(long begin, long revision, Long... balances) {
        return Told.call("bank-read", "", null, begin)
                .ok(begin + 1, List.of(balances), Map.of("revision", revision, "at", revision));
    }

    private static Call readAt(long begin, long at, Long... balances) {
        return Told.call("bank-read-at", "", at, begin)
                .ok(begin + 1, List.of(balances), Map.of("revision", at + 3, "at", at));
    }
}
