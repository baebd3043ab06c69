package dev.store.jepsen.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.store.jepsen.history.Call;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExactlyOnceCheckerTest {
    private static List<String> problems(List<Change> changes, Call... attempts) {
        return new ExactlyOnceChecker()
                .check(List.of(attempts), new Timeline(changes))
                .problems();
    }

    private static Call attempt(long begin, long revision) {
        return Line.ok(begin, begin + 1, "once", "v", null, revision);
    }

    @Test
    void attemptsThatAnswerTheSamePass() {
        assertThat(problems(
                        List.of(new Change(3, "k", "v"), new Change(4, "k", "w")),
                        Line.unknown(0, "v"),
                        attempt(1, 3),
                        attempt(3, 3)))
                .isEmpty();
    }

    @Test
    void anEffectThatComesTwiceIsCaught() {
        assertThat(problems(List.of(new Change(3, "k", "v"), new Change(4, "k", "v")), attempt(0, 3)))
                .containsExactly("k=v took effect 2 times, at revisions [3, 4]");
    }

    @Test
    void attemptsThatAnswerDifferentlyAreCaught() {
        assertThat(problems(List.of(new Change(3, "k", "v")), attempt(0, 3), attempt(2, 4)))
                .anySatisfy(problem -> assertThat(problem).contains("was answered differently"));
    }

    @Test
    void anAcknowledgedOperationThatIsLostIsCaught() {
        assertThat(problems(List.of(), attempt(0, 3)))
                .containsExactly("k=v was acknowledged at revision [3] but took effect at []");
    }

    @Test
    void aRefusedOperationThatTookEffectIsCaught() {
        assertThat(problems(List.of(new Change(3, "k", "v")), Line.refused(0, 1, "v")))
                .containsExactly("k=v was refused every time but took effect at [3]");
        assertThat(problems(List.of(new Change(3, "k", "v")), Line.unknown(0, "v"), Line.refused(1, 2, "v")))
                .isEmpty();
    }
}
