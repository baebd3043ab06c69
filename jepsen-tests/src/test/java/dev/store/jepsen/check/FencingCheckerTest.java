package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FencingCheckerTest {
    private static final String COUNTER = "lock/0/count";

    @Test
    void countsUnderRisingTokensAreGood() {
        assertThat(check(
                        new Timeline(List.of(change(5, 3, 1), change(7, 3, 2), change(9, 8, 3))),
                        guarded(0, 3, 1).ok(1, null, at(5)),
                        guarded(2, 3, 2).unknown(3),
                        guarded(4, 8, 3).ok(5, null, at(9))))
                .isEmpty();
    }

    @Test
    void aWriteUnderAnOlderTokenIsCaught() {
        assertThat(check(
                        new Timeline(List.of(change(5, 8, 1), change(7, 3, 2))),
                        guarded(0, 8, 1).ok(1, null, at(5)),
                        guarded(2, 3, 2).ok(3, null, at(7))))
                .anyMatch(problem -> problem.contains("older token"));
    }

    @Test
    void aLostUpdateIsCaught() {
        assertThat(check(
                        new Timeline(List.of(change(5, 3, 1), change(7, 8, 1))),
                        guarded(0, 3, 1).ok(1, null, at(5)),
                        guarded(2, 8, 1).ok(3, null, at(7))))
                .anyMatch(problem -> problem.contains("lost update"));
    }

    @Test
    void aRefusedWriteThatTookEffectIsCaught() {
        assertThat(check(
                        new Timeline(List.of(change(5, 3, 1))), guarded(0, 3, 1).refused(1, "LOCK_NOT_HELD")))
                .anyMatch(problem -> problem.contains("refused and took effect"));
    }

    @Test
    void anAcknowledgedWriteThatIsLostIsCaught() {
        assertThat(check(new Timeline(List.of()), guarded(0, 3, 1).ok(1, null, at(5))))
                .anyMatch(problem -> problem.contains("that is lost"));
    }

    @Test
    void aLostUpdateOutsideOfTheStoreIsCaught() {
        assertThat(check(
                        new Timeline(List.of()),
                        Told.call("resource", "lock/0", List.of(3L, 1L), 0).ok(1, null),
                        Told.call("resource", "lock/0", List.of(8L, 1L), 2).ok(3, null)))
                .anyMatch(problem -> problem.contains("outside of the store"));
    }

    @Test
    void aGrantForALeaseThatHasEndedIsCaught() {
        Timeline timeline =
                new Timeline(List.of(new Change(4, "lock/mark/1", "owned"), new Change(6, "lock/mark/1", null)));
        Told lock = Told.call("lock", "lock/0", "owner", 0).with(Map.of("mark", "lock/mark/1"));

        assertThat(check(timeline, lock.ok(1, 5L, at(5)))).isEmpty();
        assertThat(check(timeline, lock.ok(1, 5L, at(6)))).anyMatch(problem -> problem.contains("lease had ended"));
    }

    private static List<String> check(Timeline timeline, Call... calls) {
        return new FencingChecker().check(List.of(calls), timeline).problems();
    }

    private static Told guarded(long begin, long token, long count) {
        return Told.call("guarded", COUNTER, List.of(token, count), begin);
    }

    private static Change change(long revision, long token, long count) {
        return new Change(revision, COUNTER, token + ":" + count);
    }

    private static Map<String, Object> at(long revision) {
        return Map.of("revision", revision);
    }
}
