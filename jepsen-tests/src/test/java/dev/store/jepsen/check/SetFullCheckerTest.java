package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import java.util.List;
import org.junit.jupiter.api.Test;

class SetFullCheckerTest {
    private final SetFullChecker checker = new SetFullChecker();

    @Test
    void readsThatHoldEverythingKnownBeforeAreGood() {
        assertThat(checker.check(List.of(
                                add(1, 0).ok(1, 1L), read(2, 3, 1L), add(2, 4).unknown(5), read(6, 7, 1L, 2L)))
                        .valid())
                .isTrue();
    }

    @Test
    void anElementWhoseAddIsUnderWayMayBeSeenOrNot() {
        assertThat(checker.check(List.of(add(1, 0).ok(9, 1L), read(1, 2), read(3, 4, 1L)))
                        .valid())
                .isTrue();
    }

    @Test
    void anAcknowledgedElementThatIsMissingIsCaught() {
        caught("element 1, acknowledged at #1, is missing", add(1, 0).ok(1, 1L), read(2, 3));
    }

    @Test
    void anElementThatWasReadAndIsGoneAgainIsCaught() {
        caught("read at #3, is missing", add(1, 0).unknown(1), read(2, 3, 1L), read(4, 5));
    }

    @Test
    void anElementThatNobodyAddedIsCaught() {
        caught("that nobody had added", read(0, 1, 7L));
    }

    @Test
    void anElementThatWasRefusedAndIsThereIsCaught() {
        caught("whose add was refused", add(1, 0).refused(1, "NO_LEADER"), read(2, 3, 1L));
    }

    @Test
    void anElementThatIsThereTwiceIsCaught() {
        caught("twice", add(1, 0).ok(1, 1L), read(2, 3, 1L, 1L));
    }

    private void caught(String problem, Call... calls) {
        assertThat(checker.check(List.of(calls)).problems()).anyMatch(found -> found.contains(problem));
    }

    private static Told add(long element, long begin) {
        return Told.call("add", "", element, begin);
    }

    private static Call read(long begin, long end, Long... elements) {
        return Told.call("read-set", "", null, begin).ok(end, List.of(elements));
    }
}
