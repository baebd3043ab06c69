package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseCheckerTest {
    private static List<String> problems(Call... calls) {
        return new LeaseChecker(Duration.ofMillis(500)).check(List.of(calls)).problems();
    }

    private static Call grant(long begin, long ttlMs) {
        return Line.ok(begin, begin + 10, "lease-grant", ttlMs, ttlMs, 1);
    }

    private static Call keepAlive(long begin, long ttlMs) {
        return Line.ok(begin, begin + 10, "lease-keepalive", null, ttlMs, 1);
    }

    private static Call gone(long at) {
        return Line.ok(at - 1, at, "lease-gone", null, null, 1);
    }

    @Test
    void aLeaseThatLivesItsTimePasses() {
        assertThat(problems(grant(0, 1_000), keepAlive(600, 1_000), gone(1_700)))
                .isEmpty();
    }

    @Test
    void anEarlyEndIsCaught() {
        assertThat(problems(grant(0, 1_000), keepAlive(600, 1_000), gone(1_500)))
                .singleElement()
                .asString()
                .startsWith("lease k ended 100 ms early");
    }

    @Test
    void aRenewalThatWasNotAcknowledgedDoesNotCount() {
        assertThat(problems(grant(0, 1_000), keepAlive(600, 0), gone(1_100))).isEmpty();
    }

    @Test
    void aRevokedLeaseMayEndAtOnce() {
        assertThat(problems(grant(0, 1_000), Line.ok(20, 30, "lease-revoke", null, null, 2), gone(31)))
                .isEmpty();
    }

    @Test
    void aLeaseThatComesBackIsCaught() {
        assertThat(problems(grant(0, 1_000), gone(1_100), keepAlive(1_200, 1_000)))
                .anySatisfy(problem -> assertThat(problem).contains("was renewed after it had ended"));
    }

    @Test
    void aLeaseThatNeverEndsIsCaught() {
        assertThat(problems(grant(0, 1_000))).containsExactly("lease k was never seen to end");
        assertThat(problems(grant(0, 1_000), gone(1_700)))
                .singleElement()
                .asString()
                .contains("190 ms later than its time to live");
    }
}
