package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElectionCheckerTest {
    @Test
    void leadersInOneOrderAreGood() {
        assertThat(check(seen(0, led(3, "a"), led(5, "b"), led(5, "b")), seen(2, led(3, "a"), led(9, "c"))))
                .isEmpty();
    }

    @Test
    void aLeaderThatComesBackFromThePastIsCaught() {
        assertThat(check(seen(0, led(5, "b"), led(3, "a")))).anyMatch(problem -> problem.contains("after that of 5"));
    }

    @Test
    void twoLeadersOfOneTokenAreCaught() {
        assertThat(check(seen(0, led(5, "b")), seen(2, led(5, "a")))).anyMatch(problem -> problem.contains("is both"));
    }

    private static List<String> check(Call... calls) {
        return new ElectionChecker().check(List.of(calls)).problems();
    }

    private static Call seen(long begin, Object... sights) {
        return Told.call("observation", "e", begin, begin).ok(begin + 1, List.of(sights));
    }

    private static List<Object> led(long token, String owner) {
        return List.of(token, owner);
    }
}
