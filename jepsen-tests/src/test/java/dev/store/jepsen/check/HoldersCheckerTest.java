package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HoldersCheckerTest {
    private static final long MS = 1_000_000;

    @Test
    void oneAfterTheOtherIsGood() {
        good(1, lock(0, 1, 5, 0), unlock(4, 5), lock(6, 7, 8, 6));
    }

    @Test
    void aHolderWhoseLeaseMayHaveEndedHoldsNoMore() {
        good(1, lock(0, 1, 5, 0), lock(2_000, 2_001, 8, 2_000));
    }

    @Test
    void aSemaphoreHasRoomForItsPermits() {
        good(2, lock(0, 1, 5, 0), lock(2, 3, 6, 2));
    }

    @Test
    void twoHoldersAtOnceAreCaught() {
        caught(1, "2 holders at once", lock(0, 1, 5, 0), lock(2, 3, 6, 2));
    }

    @Test
    void oneHolderTooManyOfASemaphoreIsCaught() {
        caught(2, "3 holders at once", lock(0, 1, 5, 0), lock(2, 3, 6, 2), lock(4, 5, 7, 4));
    }

    @Test
    void aTokenThatFallsIsCaught() {
        caught(1, "a token below", lock(0, 1, 9, 0), unlock(2, 9), lock(3, 4, 8, 3));
    }

    @Test
    void aTokenForTwoIsCaught() {
        caught(1, "one token for two", lock(0, 1, 9, 0), unlock(2, 9), lock(3, 4, 9, 3));
    }

    private static void good(int permits, Call... calls) {
        assertThat(new HoldersChecker(permits).check(List.of(calls)).problems()).isEmpty();
    }

    private static void caught(int permits, String problem, Call... calls) {
        assertThat(new HoldersChecker(permits).check(List.of(calls)).problems())
                .anyMatch(found -> found.contains(problem));
    }

    /** With a lease of one second, whose grant was sent then. */
    private static Call lock(long begin, long end, long token, long leaseSentMs) {
        return Told.call("lock", "l", "owner", begin)
                .with(Map.of("lease-sent", leaseSentMs * MS, "ttl", 1_000L))
                .ok(end, token, Map.of("token", token));
    }

    private static Call unlock(long begin, long token) {
        return Told.call("unlock", "l", token, begin).ok(begin + 1, null);
    }
}
