package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VersionsCheckerTest {
    @Test
    void everyVersionInOrderIsGood() {
        assertThat(check(subscription(seen("PRESENT", 1, "a"), seen("NEXT", 2, "b"), seen("NEXT", 3, "a"))))
                .isEmpty();
    }

    @Test
    void aPresentStateMayLeaveVersionsOut() {
        assertThat(check(subscription(seen("PRESENT", 1, "a"), seen("LAGGED", 3, "a"))))
                .isEmpty();
    }

    @Test
    void aVersionLeftOutIsCaught() {
        caught("came as the next one after 1", seen("PRESENT", 1, "a"), seen("NEXT", 3, "a"));
    }

    @Test
    void aGapWhereVersionsAreStillKeptIsCaught() {
        caught("not kept any more", seen("PRESENT", 1, "a"), seen("GAP", 3, "a"));
    }

    @Test
    void aVersionTwiceIsCaught() {
        caught("version 2 after version 2", seen("PRESENT", 2, "b"), seen("NEXT", 2, "b"), seen("NEXT", 3, "a"));
    }

    @Test
    void contentOfAnotherVersionIsCaught() {
        caught("came as x", seen("PRESENT", 2, "x"), seen("NEXT", 3, "a"));
    }

    @Test
    void aSubscriberThatStoppedIsCaught() {
        caught("got no further", seen("PRESENT", 1, "a"), seen("NEXT", 2, "b"));
    }

    private static void caught(String problem, Object... sights) {
        assertThat(check(subscription(sights))).anyMatch(found -> found.contains(problem));
    }

    private static List<String> check(Call subscription) {
        List<Call> calls = new ArrayList<>(List.of(
                Told.call("publish", "e", "a", 0).ok(1, null, Map.of("version", 1L)),
                Told.call("publish", "e", "b", 2).ok(3, null, Map.of("version", 2L)),
                Told.call("roll-back", "e", 1L, 4).ok(5, null, Map.of("version", 3L))));
        calls.add(subscription);
        return new VersionsChecker().check(calls).problems();
    }

    private static Call subscription(Object... sights) {
        return Told.call("subscription", "e", 0L, 8).ok(9, List.of(sights));
    }

    private static List<Object> seen(String kind, long version, String content) {
        return List.of(kind, version, content);
    }
}
